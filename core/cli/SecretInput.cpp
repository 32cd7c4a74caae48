// SPDX-License-Identifier: Apache-2.0
#include "core/cli/SecretInput.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace fb::cli {

namespace {

/// No echo for as long as it exists.
class Silence {
public:
    explicit Silence(int terminal) : m_terminal(terminal)
    {
        m_isOn = ::tcgetattr(terminal, &m_before) == 0;
        auto silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_isOn = m_isOn && ::tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    ~Silence()
    {
        if (m_isOn)
            ::tcsetattr(m_terminal, TCSAFLUSH, &m_before);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

    [[nodiscard]] bool isOn() const { return m_isOn; }

private:
    int m_terminal;
    bool m_isOn = false;
    termios m_before{};
};

void say(int out, const std::string& text)
{
    [[maybe_unused]] const auto written = ::write(out, text.data(), text.size());
}

} // namespace

bool SystemSecretInput::isTerminal() const
{
    return ::isatty(m_input) != 0;
}

Result<Secret, Error> SystemSecretInput::readLine()
{
    std::string line;
    line.reserve(kLineBytesMax); // a text that moves leaves a secret behind
    for (;;) {
        std::array<pollfd, 2> waited{pollfd{m_input, POLLIN, 0}, pollfd{m_interrupt, POLLIN, 0}};
        if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR)
            return failure(Error{ErrorCode::SystemError, "standard input", errno});
        if (waited[1].revents != 0)
            return failure(Error{ErrorCode::Cancelled, "interrupted"});
        if (waited[0].revents == 0)
            continue;
        // One byte at a time: what follows the line belongs to whoever reads next.
        char byte = 0;
        const auto got = ::read(m_input, &byte, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return failure(Error{ErrorCode::SystemError, "standard input", errno});
        if (got == 0 && line.empty())
            return failure(Error{ErrorCode::Cancelled, "there is no secret on standard input"});
        if (got == 0 || byte == '\n')
            return Secret(std::move(line));
        if (line.size() == kLineBytesMax)
            return failure(Error{ErrorCode::InvalidArgument, "the line is too long for a secret"});
        line += byte;
    }
}

Result<Secret, Error> SystemSecretInput::next(const std::string& prompt)
{
    if (!isTerminal())
        return readLine();
    const Silence silence(m_input);
    if (!silence.isOn())
        return failure(Error{ErrorCode::SystemError, "switching the terminal's echo off", errno});
    say(m_terminalOut, prompt);
    auto line = readLine();
    say(m_terminalOut, "\n");
    return line;
}

} // namespace fb::cli
