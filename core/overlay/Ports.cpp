// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Ports.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::overlay {

LinkEnd Port::end() const
{
    return {.linkId = linkId, .l2Mtu = config.l2Mtu, .cost = config.cost, .mac = config.mac};
}

romon::LinkRecord Port::record() const
{
    return {.linkId = linkId, .l2Mtu = config.l2Mtu, .cost = config.cost, .mac = config.mac};
}

LinkEnd endOf(const romon::LinkRecord& record)
{
    return {.linkId = record.linkId, .l2Mtu = record.l2Mtu, .cost = record.cost, .mac = record.mac};
}

bool isStation(const MacAddress& mac)
{
    return !mac.isZero() && !mac.isGroup();
}

bool isUsable(const romon::LinkRecord& record)
{
    constexpr std::uint16_t kL2MtuMin = 128;
    return record.linkId != 0 && record.l2Mtu >= kL2MtuMin && isStation(record.mac);
}

Port& Ports::add(PortId id, PortConfig config)
{
    FB_ASSERT(!m_ports.contains(id));
    std::uint32_t linkId = config.linkId;
    if (linkId == 0 || findByLink(linkId) != nullptr)
        linkId = id + 1;
    while (linkId == 0 || findByLink(linkId) != nullptr)
        ++linkId;
    Port& port = m_ports[id];
    port.id = id;
    port.config = std::move(config);
    port.linkId = linkId;
    return port;
}

Port* Ports::find(PortId id)
{
    const auto found = m_ports.find(id);
    return found == m_ports.end() ? nullptr : &found->second;
}

Port* Ports::findByLink(std::uint32_t linkId)
{
    const auto found = std::ranges::find_if(m_ports, [&](const auto& entry) { return entry.second.linkId == linkId; });
    return found == m_ports.end() ? nullptr : &found->second;
}

const Port* Ports::findByLink(std::uint32_t linkId) const
{
    const auto found = std::ranges::find_if(m_ports, [&](const auto& entry) { return entry.second.linkId == linkId; });
    return found == m_ports.end() ? nullptr : &found->second;
}

bool Ports::owns(const MacAddress& mac) const
{
    return std::ranges::any_of(m_ports, [&](const auto& entry) { return entry.second.config.mac == mac; });
}

bool Ports::accepts(const Port& port, const MacAddress& destination) const
{
    return port.config.mac == destination || std::ranges::any_of(m_ports, [&](const auto& entry) {
               return shareSegment(port, entry.second) && entry.second.config.mac == destination;
           });
}

bool Ports::shareSegment(const Port& first, const Port& second)
{
    return !first.config.segment.empty() && first.config.segment == second.config.segment;
}

} // namespace fb::overlay
