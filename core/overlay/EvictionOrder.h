// SPDX-License-Identifier: Apache-2.0
// Which entry of a full table goes when another one comes. Entries stand in line by the port they were heard on and by
// how useful they are, those heard last at the back. The port with the most entries gives way, so one segment cannot
// take the room of the others; and on each port what is lost goes first, then strangers, then what has proven itself.
// Every operation takes constant time, but for one look at each port when the table is full.
#pragma once

#include "core/overlay/Snapshot.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace fb::overlay {

class EvictionOrder {
public:
    enum class Rank : std::uint8_t { Lost, Stranger, Proven, InUse };

    /// Base of what can stand in line. Stays where it is in memory while it does.
    struct Entry {
        Entry* previous = nullptr;
        Entry* next = nullptr;
        PortId heardOn = 0;
        Rank rank = Rank::Stranger;
    };

    void add(Entry& entry, PortId heardOn, Rank rank);
    /// To the back of the line of this rank.
    void renew(Entry& entry, Rank rank);
    /// Counts for another port from now on.
    void move(Entry& entry, PortId heardOn);
    void remove(Entry& entry);

    /// The entry that gives way to a new one heard on this port; null if none should. One that is in use never does.
    /// Of the newcomer's own port it is the stranger that was heard longest ago: whether that is long enough, the
    /// caller decides.
    [[nodiscard]] Entry* victimFor(PortId heardOn) const;

private:
    struct Line {
        Entry* first = nullptr;
        Entry* last = nullptr;
    };
    struct Port {
        std::array<Line, 4> lines{};
        std::size_t entries = 0;

        [[nodiscard]] Entry* first(Rank rank) const { return lines[static_cast<std::size_t>(rank)].first; }
    };

    void append(Entry& entry);
    void unlink(Entry& entry);

    std::map<PortId, Port> m_ports;
};

} // namespace fb::overlay
