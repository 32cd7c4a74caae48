// SPDX-License-Identifier: Apache-2.0
// Commands about a node of which the map does not say enough yet: they wait a moment, with the map being asked for.
#pragma once

#include "core/agent/EventSink.h"
#include "core/agent/WatchCount.h"
#include "core/overlay/Engine.h"

#include <optional>
#include <vector>

namespace fb::agent {

class HeldCommands {
public:
    /// A discovery round takes well under a second; a node that has not answered by then is not there.
    static constexpr Duration kPatience = std::chrono::seconds(3);

    struct Held {
        RequestKey key;
        Command command;
        romon::RomonId target;
        Instant until;
        WatchCount::Hold hold;
    };

    /// Whether the map says enough: a way to the node, and for a stream also what the node is. A stream that is opened
    /// without the options stays without them.
    [[nodiscard]] static bool canStart(const Command& command, const overlay::Engine& overlay, romon::RomonId target);

    void add(Held held) { m_held.push_back(std::move(held)); }
    [[nodiscard]] std::size_t size() const { return m_held.size(); }
    /// The map may have changed: look again which targets are there.
    void lookAgain() { m_look = true; }

    /// A command that can start now, or whose time is up; none if all go on waiting.
    [[nodiscard]] std::optional<Held> takeReady(const overlay::Engine& overlay, Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// True if it was there.
    bool cancel(RequestKey key);
    void removeClient(ClientId client);

private:
    std::vector<Held> m_held;
    bool m_look = false;
};

} // namespace fb::agent
