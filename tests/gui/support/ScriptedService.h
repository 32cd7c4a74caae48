// SPDX-License-Identifier: Apache-2.0
// An agent that does what the test says: it keeps every command and tells only what the test tells it to tell.
#pragma once

#include "core/agent/Service.h"
#include "core/base/Assert.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <deque>
#include <utility>
#include <vector>

namespace fb::testing {

class ScriptedService final : public agent::Service {
public:
    ScriptedService() : m_descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    [[nodiscard]] agent::RequestId submit(agent::Command command) override
    {
        m_commands.emplace_back(++m_lastRequest, std::move(command));
        return m_lastRequest;
    }

    [[nodiscard]] int pollDescriptor() const override { return m_descriptor.get(); }

    [[nodiscard]] std::optional<agent::Event> nextEvent() override
    {
        if (m_events.empty()) {
            eventfd_t drained = 0;
            [[maybe_unused]] const int result = eventfd_read(m_descriptor.get(), &drained);
            return std::nullopt;
        }
        agent::Event event = std::move(m_events.front());
        m_events.pop_front();
        return event;
    }

    void tell(agent::RequestId request, agent::EventBody body)
    {
        m_events.push_back({.request = request, .body = std::move(body)});
        FB_ASSERT(eventfd_write(m_descriptor.get(), 1) == 0);
    }

    void tellSnapshot(overlay::Snapshot snapshot)
    {
        tell(1, agent::SnapshotChanged{std::make_shared<const overlay::Snapshot>(std::move(snapshot))});
    }

    [[nodiscard]] const auto& commands() const { return m_commands; }

    /// The id of the last command of a kind; 0 if there was none.
    template <class Kind>
    [[nodiscard]] agent::RequestId requestOfLast() const
    {
        const auto* entry = last<Kind>();
        return entry ? entry->first : 0;
    }

    template <class Kind>
    [[nodiscard]] const Kind* lastCommand() const
    {
        const auto* entry = last<Kind>();
        return entry ? &std::get<Kind>(entry->second) : nullptr;
    }

private:
    using Entry = std::pair<agent::RequestId, agent::Command>;

    template <class Kind>
    [[nodiscard]] const Entry* last() const
    {
        for (auto entry = m_commands.rbegin(); entry != m_commands.rend(); ++entry) {
            if (std::holds_alternative<Kind>(entry->second))
                return &*entry;
        }
        return nullptr;
    }

    FileDescriptor m_descriptor;
    agent::RequestId m_lastRequest = 0;
    std::vector<Entry> m_commands;
    std::deque<agent::Event> m_events;
};

} // namespace fb::testing
