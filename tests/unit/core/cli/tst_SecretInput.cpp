// SPDX-License-Identifier: Apache-2.0
// Secrets from a pipe, a file and a terminal: one line and not a byte more, and a terminal that is left as it was.
#include "core/base/FileDescriptor.h"
#include "core/cli/SecretInput.h"

#include <QTemporaryFile>
#include <QtTest>

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <thread>

using namespace fb;

namespace {

struct Pipe {
    Pipe()
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            qFatal("no pipe");
        read = FileDescriptor(ends[0]);
        write = FileDescriptor(ends[1]);
    }
    void put(const std::string& text) const
    {
        if (::write(write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            qFatal("the pipe is full");
    }
    /// Everything in it, which ends with its writer or where the pipe is empty.
    [[nodiscard]] std::string take() const
    {
        std::string text;
        pollfd ready{read.get(), POLLIN, 0};
        std::array<char, 4096> piece{};
        while (::poll(&ready, 1, 0) == 1) {
            const auto got = ::read(read.get(), piece.data(), piece.size());
            if (got <= 0)
                break;
            text.append(piece.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

    FileDescriptor read;
    FileDescriptor write;
};

/// A pseudo terminal: what a user sees and types is at the master.
struct Terminal {
    Terminal() : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        if (!master.isOpen() || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0)
            qFatal("no terminal");
        std::array<char, 128> name{};
        if (::ptsname_r(master.get(), name.data(), name.size()) != 0)
            qFatal("a terminal without a name");
        slave = FileDescriptor(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }
    [[nodiscard]] bool echoes() const
    {
        termios settings{};
        return ::tcgetattr(slave.get(), &settings) == 0 && (settings.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
    }
    void type(const std::string& text) const
    {
        if (::write(master.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            qFatal("the terminal takes no more");
    }
    [[nodiscard]] bool showsNothing() const
    {
        pollfd ready{master.get(), POLLIN, 0};
        return ::poll(&ready, 1, 0) == 0;
    }

    FileDescriptor master;
    FileDescriptor slave;
};

/// Waits for the prompt, as a user does, and then does something. Ends before the input is looked at again.
class User {
public:
    template <class Action>
    User(const Pipe& prompts, Action action)
        : m_thread([&prompts, action] {
              std::array<char, 256> prompt{};
              if (::read(prompts.read.get(), prompt.data(), prompt.size()) > 0)
                  action(std::string(prompt.data()));
          })
    {
    }
    ~User() { m_thread.join(); }
    User(const User&) = delete;
    User& operator=(const User&) = delete;

private:
    std::thread m_thread;
};

} // namespace

class tst_SecretInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsALineAtATime()
    {
        const Pipe input;
        const Pipe interrupt;
        input.put("first\n\n last one \n");
        cli::SystemSecretInput secrets(input.read.get(), -1, interrupt.read.get());
        QVERIFY(!secrets.isTerminal());
        QCOMPARE(secrets.next("secret: ")->reveal(), std::string("first"));
        QCOMPARE(secrets.next("secret: ")->reveal(), std::string());
        QCOMPARE(secrets.next("secret: ")->reveal(), std::string(" last one "));
    }

    void leavesWhatFollowsTheLine()
    {
        const Pipe input;
        const Pipe interrupt;
        input.put("secret\nfor the next reader\n");
        cli::SystemSecretInput secrets(input.read.get(), -1, interrupt.read.get());
        QCOMPARE(secrets.next("")->reveal(), std::string("secret"));
        QCOMPARE(input.take(), std::string("for the next reader\n"));
    }

    void theLastLineNeedsNoEnd()
    {
        Pipe input;
        const Pipe interrupt;
        input.put("one\ntwo");
        input.write.reset();
        cli::SystemSecretInput secrets(input.read.get(), -1, interrupt.read.get());
        QCOMPARE(secrets.next("")->reveal(), std::string("one"));
        QCOMPARE(secrets.next("")->reveal(), std::string("two"));
        const auto none = secrets.next("");
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code, ErrorCode::Cancelled);
    }

    void readsAFile()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write("from a file\nand more");
        QVERIFY(file.flush() && file.seek(0));
        const Pipe interrupt;
        cli::SystemSecretInput secrets(file.handle(), -1, interrupt.read.get());
        QCOMPARE(secrets.next("")->reveal(), std::string("from a file"));
        QCOMPARE(secrets.next("")->reveal(), std::string("and more"));
        QCOMPARE(secrets.next("").error().code, ErrorCode::Cancelled);
    }

    void aLineHasALimit()
    {
        const std::string most(cli::SystemSecretInput::kLineBytesMax, 'x');
        const Pipe interrupt;
        const Pipe fits;
        fits.put(most + '\n');
        QCOMPARE(cli::SystemSecretInput(fits.read.get(), -1, interrupt.read.get()).next("")->reveal(), most);
        const Pipe tooLong;
        tooLong.put(most + "x\n");
        const auto refused = cli::SystemSecretInput(tooLong.read.get(), -1, interrupt.read.get()).next("");
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    }

    void anInterruptEndsTheWait()
    {
        const Pipe input;
        const Pipe interrupt;
        input.put("half a li");
        interrupt.put("!");
        cli::SystemSecretInput secrets(input.read.get(), -1, interrupt.read.get());
        const auto none = secrets.next("");
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code, ErrorCode::Cancelled);
    }

    void aTerminalShowsThePromptAndNothingOfTheSecret()
    {
        const Terminal terminal;
        const Pipe shown;
        const Pipe interrupt;
        cli::SystemSecretInput secrets(terminal.slave.get(), shown.write.get(), interrupt.read.get());
        QVERIFY(secrets.isTerminal());
        QVERIFY(terminal.echoes());
        std::string prompt;
        bool echoed = true;
        {
            const User user(shown, [&](const std::string& text) {
                prompt = text;
                echoed = terminal.echoes();
                terminal.type("typed\n");
            });
            QCOMPARE(secrets.next("The secret: ")->reveal(), std::string("typed"));
        }
        QCOMPARE(prompt, std::string("The secret: "));
        QVERIFY(!echoed);
        QVERIFY(terminal.showsNothing());
        QCOMPARE(shown.take(), std::string("\n"));
        QVERIFY(terminal.echoes());
    }

    void aTerminalEchoesAgainAfterAnInterrupt()
    {
        const Terminal terminal;
        const Pipe shown;
        const Pipe interrupt;
        cli::SystemSecretInput secrets(terminal.slave.get(), shown.write.get(), interrupt.read.get());
        bool echoed = true;
        {
            const User user(shown, [&](const std::string&) {
                echoed = terminal.echoes();
                interrupt.put("!");
            });
            QCOMPARE(secrets.next("The secret: ").error().code, ErrorCode::Cancelled);
        }
        QVERIFY(!echoed);
        QVERIFY(terminal.echoes());
        QCOMPARE(shown.take(), std::string("\n"));
    }
};

QTEST_GUILESS_MAIN(tst_SecretInput)
#include "tst_SecretInput.moc"
