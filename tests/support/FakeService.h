// SPDX-License-Identifier: Apache-2.0
// An agent that a test plays: it remembers what was submitted, answers as the test's script says, and publishes events
// whenever the test wants. Its descriptor is readable exactly while events wait, as the real ones' is.
#pragma once

#include "core/agent/Service.h"
#include "core/base/Assert.h"
#include "core/runtime/MessageQueue.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace fb::test {

class FakeService final : public agent::Service {
public:
    struct Submitted {
        agent::RequestId request = 0;
        agent::Command command;
    };
    /// Called inside submit(), before it returns; may publish(), which is seen afterwards by nextEvent().
    using Script = std::function<void(FakeService& service, agent::RequestId request, const agent::Command& command)>;

    /// No script: commands are remembered and nothing is answered.
    explicit FakeService(Script script = {}) : m_script(std::move(script)) {}

    [[nodiscard]] agent::RequestId submit(agent::Command command) override
    {
        const agent::RequestId request = ++m_lastRequest;
        m_submitted.push_back({request, command});
        if (m_script)
            m_script(*this, request, command);
        return request;
    }
    [[nodiscard]] int pollDescriptor() const override { return m_events.pollDescriptor(); }
    [[nodiscard]] std::optional<agent::Event> nextEvent() override { return m_events.pop(); }

    /// Queues an event; request 0 for those that answer no command.
    void publish(agent::RequestId request, agent::EventBody body)
    {
        FB_ASSERT(m_events.push(agent::Event{request, std::move(body)}));
    }
    /// Answers the last command of this type.
    template <class CommandType>
    void answer(agent::EventBody body)
    {
        const auto request = lastRequest<CommandType>();
        FB_ASSERT(request.has_value());
        publish(*request, std::move(body));
    }
    void publishSnapshot(agent::RequestId request, const overlay::Snapshot& snapshot)
    {
        publish(request, agent::SnapshotChanged{std::make_shared<const overlay::Snapshot>(snapshot)});
    }

    void setScript(Script script) { m_script = std::move(script); }

    /// Everything that was submitted, in order.
    [[nodiscard]] const std::vector<Submitted>& submitted() const { return m_submitted; }
    /// The commands of one type, in order.
    template <class CommandType>
    [[nodiscard]] std::vector<CommandType> commands() const
    {
        std::vector<CommandType> found;
        for (const auto& entry : m_submitted) {
            if (const auto* command = std::get_if<CommandType>(&entry.command))
                found.push_back(*command);
        }
        return found;
    }
    template <class CommandType>
    [[nodiscard]] std::optional<agent::RequestId> lastRequest() const
    {
        const auto found = std::find_if(m_submitted.rbegin(), m_submitted.rend(), [](const Submitted& entry) {
            return std::holds_alternative<CommandType>(entry.command);
        });
        return found == m_submitted.rend() ? std::nullopt : std::optional(found->request);
    }
    /// Whether a Cancel for this request was submitted.
    [[nodiscard]] bool wasCancelled(agent::RequestId request) const
    {
        const auto cancels = commands<agent::Cancel>();
        return std::ranges::find(cancels, request, &agent::Cancel::request) != cancels.end();
    }

private:
    Script m_script;
    std::vector<Submitted> m_submitted;
    agent::RequestId m_lastRequest = 0;
    runtime::MessageQueue<agent::Event> m_events{65536};
};

} // namespace fb::test
