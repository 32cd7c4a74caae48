// SPDX-License-Identifier: Apache-2.0
// The agent of this computer, behind its control socket. One thread; never waits after connect().
#pragma once

#include "core/agent/MessageChannel.h"
#include "core/agent/Service.h"
#include "core/base/Instant.h"
#include "core/runtime/MessageQueue.h"
#include "core/runtime/Poller.h"

#include <deque>
#include <memory>
#include <string>

namespace fb::agent {

class RemoteService final : public Service {
public:
    /// An agent that answers at all answers at once.
    static constexpr Duration kHelloTimeout = std::chrono::seconds(2);

    /// Connects and greets. Fails with AgentUnavailable (nobody listens, or no answer in time), NotPermitted (the
    /// socket's mode or the agent says no), ProtocolMismatch.
    [[nodiscard]] static Result<std::unique_ptr<Service>, Error> connect(const std::string& path);
    /// The same on a socket that is connected already.
    [[nodiscard]] static Result<std::unique_ptr<Service>, Error> greet(FileDescriptor socket);

    [[nodiscard]] RequestId submit(Command command) override;
    [[nodiscard]] int pollDescriptor() const override { return m_poller.pollDescriptor(); }
    [[nodiscard]] std::optional<Event> nextEvent() override;

private:
    explicit RemoteService(FileDescriptor socket);

    [[nodiscard]] Result<void, Error> sayHello();
    void readEvents();
    /// False if the text is none that an agent may send.
    [[nodiscard]] bool take(std::string_view text);
    void lose(Error error);
    void updatePolling();

    MessageChannel m_channel;
    runtime::Poller m_poller;
    runtime::WakeUp m_eventsWait; ///< raised while m_events holds something
    std::deque<Event> m_events;
    bool m_isLost = false;
    RequestId m_lastRequest = 0;
};

} // namespace fb::agent
