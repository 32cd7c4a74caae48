// SPDX-License-Identifier: Apache-2.0
// Strangers who meddle with paths and with secrets.
#include "core/overlay/Unreachable.h"
#include "core/stream/Engine.h"
#include "tests/sim/Hostile.h"

#include <algorithm>

namespace fb::sim {

namespace {

// Where things are in a frame (docs/wire-format.md, section 2).
constexpr std::size_t kAuthAt = 18;
constexpr std::size_t kAuthBytes = 24;

} // namespace

/// Of a stream that somebody has opened: a stranger reads its source route off the wire.
void Hostile::forgeUnreachables()
{
    const NodeIndex victim = anyNode();
    if (!m_net.isRunning(victim))
        return;
    for (const auto& stream : m_net.stack(victim).streams().status(m_net.localNow(victim))) {
        const auto* path = m_net.stack(victim).pathOf(stream.stream);
        if (path != nullptr)
            return forgeUnreachable(victim, overlay::Path(*path));
    }
}

/// In the name of a node on the path, about the entry that would be its own; now and then about something else.
void Hostile::forgeUnreachable(NodeIndex victim, const overlay::Path& path)
{
    if (path.hops.size() < 2 || m_net.portCount(victim) == 0)
        return;
    const auto index = 1 + m_net.random().below(static_cast<std::uint32_t>(path.hops.size() - 1));
    const auto& hop = path.hops[index];
    overlay::Unreachable report;
    report.reason = static_cast<overlay::UnreachableReason>(1 + m_net.random().below(5));
    report.index = static_cast<std::uint8_t>(index);
    report.entry = {.linkId = hop.out.linkId, .mac = hop.in.mac};
    report.l2Mtu = random16();
    report.target = path.hops.back().to;
    auto by = hop.from;
    if (m_net.happens(0.1))
        report.entry.linkId = 1 + m_net.random().below(8);
    if (m_net.happens(0.1))
        by = m_net.id(anyNode());
    const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(victim)));
    const Aim at{
        .node = victim, .port = port, .segment = m_net.segmentOf(victim, port), .mac = m_net.macOf(victim, port)};
    sayData(at, by, overlay::kUnreachablePort, overlay::kUnreachablePort, overlay::encodeUnreachable(report));
}

/// Recorded frames with another number, another hash, or none.
void Hostile::forgeHashes()
{
    if (m_recorded.empty())
        return;
    for (std::uint32_t count = 1 + m_net.random().below(30); count > 0; --count) {
        Recorded recorded = m_recorded[m_net.random().below(static_cast<std::uint32_t>(m_recorded.size()))];
        if (recorded.frame.size() < kAuthAt + kAuthBytes)
            continue;
        const auto auth = recorded.frame.begin() + kAuthAt;
        switch (m_net.random().below(3)) {
        case 0:
            std::fill_n(auth, kAuthBytes, std::uint8_t{0});
            break;
        case 1:
            auth[7] = static_cast<std::uint8_t>(auth[7] + 1 + m_net.random().below(200));
            break;
        default:
            std::generate_n(auth, kAuthBytes, [this] { return static_cast<std::uint8_t>(m_net.random().next32()); });
        }
        ++m_framesSaid;
        m_net.inject(recorded.segment, recorded.frame);
    }
}

} // namespace fb::sim
