// SPDX-License-Identifier: Apache-2.0
// An agent on a thread of this process. Commands and events cross in bounded queues; nothing else is shared.
#pragma once

#include "core/agent/Agent.h"
#include "core/agent/Service.h"
#include "core/base/RandomSource.h"
#include "core/runtime/MessageQueue.h"

#include <atomic>
#include <memory>
#include <thread>

namespace fb::agent {

class LocalService final : public Service {
public:
    static constexpr std::size_t kCommandsMax = 1024;
    static constexpr std::size_t kEventsMax = 16384;

    /// What the agent is made of; all of it is used on the agent's thread only.
    struct Parts {
        AgentConfig config; ///< an id that is not usable is replaced by nodeId()
        std::unique_ptr<link::LinkFactory> links;
        std::unique_ptr<link::InterfaceMonitor> monitor;
        std::unique_ptr<RandomSource> random;
        LogSink log;
    };

    /// Starts the thread; links are opened there, so this does not wait for them.
    explicit LocalService(Parts parts);
    /// Resets the streams, asks services to end, stops and joins.
    ~LocalService() override;
    LocalService(const LocalService&) = delete;
    LocalService& operator=(const LocalService&) = delete;

    [[nodiscard]] RequestId submit(Command command) override;
    [[nodiscard]] int pollDescriptor() const override { return m_events.pollDescriptor(); }
    [[nodiscard]] std::optional<Event> nextEvent() override;

private:
    class AgentThread;
    struct Submission {
        RequestId request = 0;
        Command command;
    };

    void publish(Event event);

    runtime::MessageQueue<Submission> m_commands{kCommandsMax};
    runtime::MessageQueue<Event> m_events{kEventsMax};
    std::atomic<int> m_snapshotsWaiting{0}; ///< in m_events: a reader that is behind gets no more of them
    std::atomic<bool> m_overflowed{false};  ///< an event was lost: the reader cannot trust the rest
    bool m_toldOverflow = false;
    RequestId m_lastRequest = 0;
    runtime::WakeUp m_stop;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace fb::agent
