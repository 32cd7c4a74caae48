// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/EvictionOrder.h"

namespace fb::overlay {

void EvictionOrder::append(Entry& entry)
{
    Port& port = m_ports[entry.heardOn];
    Line& line = port.lines[static_cast<std::size_t>(entry.rank)];
    entry.previous = line.last;
    entry.next = nullptr;
    (line.last == nullptr ? line.first : line.last->next) = &entry;
    line.last = &entry;
    ++port.entries;
}

void EvictionOrder::unlink(Entry& entry)
{
    const auto port = m_ports.find(entry.heardOn);
    Line& line = port->second.lines[static_cast<std::size_t>(entry.rank)];
    (entry.previous == nullptr ? line.first : entry.previous->next) = entry.next;
    (entry.next == nullptr ? line.last : entry.next->previous) = entry.previous;
    --port->second.entries;
}

void EvictionOrder::add(Entry& entry, PortId heardOn, Rank rank)
{
    entry.heardOn = heardOn;
    entry.rank = rank;
    append(entry);
}

void EvictionOrder::renew(Entry& entry, Rank rank)
{
    unlink(entry);
    entry.rank = rank;
    append(entry);
}

void EvictionOrder::move(Entry& entry, PortId heardOn)
{
    remove(entry);
    entry.heardOn = heardOn;
    append(entry);
}

void EvictionOrder::remove(Entry& entry)
{
    unlink(entry);
    const auto port = m_ports.find(entry.heardOn);
    if (port->second.entries == 0)
        m_ports.erase(port);
}

EvictionOrder::Entry* EvictionOrder::victimFor(PortId heardOn) const
{
    const Port* fullest = nullptr;
    const Port* lost = nullptr; // the fullest of those that have lost entries
    for (const auto& [id, port] : m_ports) {
        if (fullest == nullptr || port.entries > fullest->entries)
            fullest = &port;
        if (port.first(Rank::Lost) != nullptr && (lost == nullptr || port.entries > lost->entries))
            lost = &port;
    }
    if (lost != nullptr)
        return lost->first(Rank::Lost);
    const auto own = m_ports.find(heardOn);
    const std::size_t ownEntries = own == m_ports.end() ? 0 : own->second.entries;
    if (fullest != nullptr && fullest->entries > ownEntries + 1) {
        Entry* stranger = fullest->first(Rank::Stranger);
        return stranger != nullptr ? stranger : fullest->first(Rank::Proven);
    }
    return own == m_ports.end() ? nullptr : own->second.first(Rank::Stranger);
}

} // namespace fb::overlay
