// SPDX-License-Identifier: Apache-2.0
// One shell or command inside a connection: its opening, both directions of its bytes with their limits, its end. Lives
// on the worker's thread and never waits.
#pragma once

#include "core/base/Instant.h"
#include "core/ssh/Command.h"
#include "core/ssh/Libssh.h"
#include "core/ssh/Outbox.h"

#include <libssh/callbacks.h>

#include <deque>
#include <optional>
#include <variant>

namespace fb::ssh {

class Channel {
public:
    enum class Progress { Idle, HasMoreToDo, Over };

    explicit Channel(OpenChannel request) : m_id(request.channel), m_what(std::move(request.what)) {}
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Does what can be done now. After Over ChannelClosed has been published.
    [[nodiscard]] Progress work(ssh_session session, Outbox& outbox);
    /// Gives up opening it; publishes ChannelClosed.
    void failOpening(Error error, Outbox& outbox);
    [[nodiscard]] bool isOpening() const { return m_state != State::Open && m_state != State::Over; }
    [[nodiscard]] bool hasUnreadData() const;

    void write(ByteVector bytes);
    void endInput() { m_inputEnds = true; }
    void resize(TerminalSize size) { m_newSize = size; }
    void close() { m_closeWanted = true; }
    void release(std::size_t sizeBytes);

    std::optional<Instant> openingDeadline; ///< when opening must be over; the worker sets it with the first work()

private:
    enum class State { New, Opening, RequestingTerminal, RequestingProgram, Open, Over };

    void prepare(ssh_session session);
    void advanceOpening(ssh_session session, Outbox& outbox);
    [[nodiscard]] int requestNext();
    void writeSome(ssh_session session, Outbox& outbox);
    [[nodiscard]] bool readSome(int errorOutput, Outbox& outbox);
    void finish(Outbox& outbox, std::optional<Error> error);

    ChannelId m_id;
    std::variant<OpenShell, OpenCommand> m_what;
    State m_state = State::New;
    ssh_channel m_handle = nullptr; ///< freed here, or by the session that it belongs to
    ssh_channel_callbacks_struct m_callbacks{};
    std::deque<ByteVector> m_unsent; ///< bounded by Session::kUnsentBytesMax
    std::size_t m_sentOfFirst = 0;
    std::size_t m_writtenUntold = 0;
    std::size_t m_unreleased = 0;
    std::optional<TerminalSize> m_newSize;
    bool m_inputEnds = false;
    bool m_inputEnded = false;
    bool m_closeWanted = false;
    bool m_closedByFarEnd = false;
    std::optional<int> m_exitStatus;
    std::string m_exitSignal;
};

} // namespace fb::ssh
