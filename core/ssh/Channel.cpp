// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Channel.h"

#include <algorithm>
#include <array>
#include <utility>

namespace fb::ssh {
namespace {

// Small enough that a keystroke behind a paste, or behind another window's output, goes out within a moment.
constexpr std::size_t kWritePieceBytes = 16384;
constexpr std::size_t kReadPieceBytes = 16384;
constexpr int kReadPiecesPerTurn = 8;

} // namespace

Channel::~Channel()
{
    if (m_handle == nullptr)
        return;
    ssh_remove_channel_callbacks(m_handle, &m_callbacks); // libssh keeps the channel until the far end closes it
    ssh_channel_free(m_handle);
}

Channel::Progress Channel::work(ssh_session session, Outbox& outbox)
{
    if (m_closeWanted && m_state != State::Over) {
        if (m_handle != nullptr)
            (void)ssh_channel_close(m_handle);
        finish(outbox, std::nullopt);
    }
    if (isOpening())
        advanceOpening(session, outbox);
    if (m_state == State::Over)
        return Progress::Over;
    if (m_state != State::Open)
        return Progress::Idle;

    if (m_newSize) {
        const auto size = *std::exchange(m_newSize, std::nullopt);
        (void)ssh_channel_change_pty_size(m_handle, size.columns, size.rows);
    }
    writeSome(session, outbox);
    const bool moreOutput = readSome(0, outbox);
    const bool moreErrorOutput = readSome(1, outbox);
    if (m_closedByFarEnd && !hasUnreadData()) {
        finish(outbox, std::nullopt);
        return Progress::Over;
    }
    return moreOutput || moreErrorOutput ? Progress::HasMoreToDo : Progress::Idle;
}

void Channel::failOpening(Error error, Outbox& outbox)
{
    finish(outbox, std::move(error));
}

bool Channel::hasUnreadData() const
{
    return m_handle != nullptr && (ssh_channel_poll(m_handle, 0) > 0 || ssh_channel_poll(m_handle, 1) > 0);
}

void Channel::write(ByteVector bytes)
{
    if (!bytes.empty())
        m_unsent.push_back(std::move(bytes));
}

void Channel::release(std::size_t sizeBytes)
{
    m_unreleased -= std::min(sizeBytes, m_unreleased);
}

void Channel::prepare(ssh_session session)
{
    m_handle = ssh_channel_new(session);
    m_callbacks.userdata = this;
    m_callbacks.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* self) {
        static_cast<Channel*>(self)->m_exitStatus = status;
    };
    m_callbacks.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* signal, int, const char*,
                                                  const char*, void* self) {
        static_cast<Channel*>(self)->m_exitSignal = plainText(signal != nullptr ? signal : "");
    };
    m_callbacks.channel_close_function = [](ssh_session, ssh_channel, void* self) {
        static_cast<Channel*>(self)->m_closedByFarEnd = true;
    };
    ssh_callbacks_init(&m_callbacks);
    if (m_handle != nullptr)
        (void)ssh_set_channel_callbacks(m_handle, &m_callbacks);
}

/// Sends the request of the present state, or finds out that its answer is not there yet (SSH_AGAIN).
int Channel::requestNext()
{
    const auto* shell = std::get_if<OpenShell>(&m_what);
    switch (m_state) {
    case State::Opening:
        return ssh_channel_open_session(m_handle);
    case State::RequestingTerminal:
        if (shell == nullptr)
            return SSH_OK;
        return ssh_channel_request_pty_size(m_handle, shell->terminalType.c_str(), shell->size.columns,
                                            shell->size.rows);
    case State::RequestingProgram:
        return shell != nullptr ? ssh_channel_request_shell(m_handle)
                                : ssh_channel_request_exec(m_handle, std::get<OpenCommand>(m_what).command.c_str());
    case State::New:
    case State::Open:
    case State::Over:
        break;
    }
    return SSH_ERROR;
}

void Channel::advanceOpening(ssh_session session, Outbox& outbox)
{
    if (m_state == State::New) {
        prepare(session);
        m_state = State::Opening;
    }
    while (isOpening()) {
        const int reply = m_handle != nullptr ? requestNext() : SSH_ERROR;
        if (reply == SSH_AGAIN)
            return;
        if (reply != SSH_OK) {
            auto error = libraryError(session, Stage::Ready);
            error.code = ErrorCode::NotPermitted;
            finish(outbox, std::move(error));
            return;
        }
        m_state = m_state == State::Opening              ? State::RequestingTerminal
                  : m_state == State::RequestingTerminal ? State::RequestingProgram
                                                         : State::Open;
    }
    outbox.publish(ChannelOpened{m_id});
}

void Channel::writeSome(ssh_session session, Outbox& outbox)
{
    while (!m_unsent.empty() && (ssh_get_poll_flags(session) & SSH_WRITE_PENDING) == 0) {
        const auto& first = m_unsent.front();
        const auto piece = std::min(first.size() - m_sentOfFirst, kWritePieceBytes);
        const int written =
            ssh_channel_write(m_handle, first.data() + m_sentOfFirst, static_cast<std::uint32_t>(piece));
        if (written <= 0)
            break; // the far end's window is full, or the connection is gone, which the worker sees
        m_sentOfFirst += static_cast<std::size_t>(written);
        m_writtenUntold += static_cast<std::size_t>(written);
        if (m_sentOfFirst == first.size()) {
            m_unsent.pop_front();
            m_sentOfFirst = 0;
        }
    }
    if (m_writtenUntold > 0 && outbox.hasRoomForData())
        outbox.publish(ChannelWritten{m_id, std::exchange(m_writtenUntold, 0)});
    if (m_inputEnds && !m_inputEnded && m_unsent.empty()) {
        m_inputEnded = true;
        (void)ssh_channel_send_eof(m_handle);
    }
}

/// True if there is more to read at once.
bool Channel::readSome(int errorOutput, Outbox& outbox)
{
    for (int piece = 0; piece < kReadPiecesPerTurn; ++piece) {
        if (m_unreleased >= Session::kUnreleasedBytesMax || !outbox.hasRoomForData())
            return false;
        std::array<std::uint8_t, kReadPieceBytes> buffer; // NOLINT: filled below
        const int got = ssh_channel_read_nonblocking(m_handle, buffer.data(), kReadPieceBytes, errorOutput);
        if (got <= 0)
            return false;
        m_unreleased += static_cast<std::size_t>(got);
        outbox.publish(
            ChannelData{.channel = m_id,
                        .source = errorOutput != 0 ? ChannelData::Source::ErrorOutput : ChannelData::Source::Output,
                        .bytes = ByteVector(buffer.begin(), buffer.begin() + got)});
    }
    return true;
}

void Channel::finish(Outbox& outbox, std::optional<Error> error)
{
    m_state = State::Over;
    outbox.publish(ChannelClosed{m_id, m_exitStatus, std::move(m_exitSignal), std::move(error)});
}

} // namespace fb::ssh
