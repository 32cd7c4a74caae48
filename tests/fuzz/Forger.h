// SPDX-License-Identifier: Apache-2.0
// Somebody on the segment who knows the protocol and some names, and whose packets are lies about them. Raw bytes
// reach what refuses; these reach what believes.
#pragma once

#include "core/overlay/Challenge.h"
#include "core/overlay/NodeAnswer.h"
#include "core/overlay/Unreachable.h"
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/fuzz/Script.h"

#include <optional>
#include <vector>

namespace fb::fuzz {

class Forger {
public:
    /// The names that lies are made of; neither list may be empty.
    struct Names {
        std::vector<romon::RomonId> ids;
        std::vector<MacAddress> macs;
    };

    explicit Forger(Names names) : m_names(std::move(names)) {}

    /// A frame that a victim sent: its Data can be answered, and turned against those who sent it.
    void overhear(Bytes frame)
    {
        const auto ethernet = wire::decodeEthernet(frame);
        const auto message = ethernet ? romon::decode(ethernet->payload) : failure(romon::WireError::Truncated);
        if (const auto* data = message ? std::get_if<romon::Data>(&*message) : nullptr)
            m_overheard = *data;
    }

    romon::Message message(Script& script) const
    {
        const std::uint8_t kind = script.byte();
        if (kind % 8 == 0)
            return discover(script);
        if (kind % 8 <= 3)
            return response(script);
        if (kind % 8 == 4 && m_overheard)
            return answer(script);
        return data(script);
    }

private:
    romon::HopEntry entry(Script& script) const
    {
        const std::uint8_t link = script.byte();
        return {.linkId = link % 8U, .mac = script.pick(m_names.macs)};
    }

    romon::HopList hops(Script& script, std::size_t countMin) const
    {
        const std::uint8_t shape = script.byte();
        romon::HopList hops;
        for (std::size_t count = std::max<std::size_t>(countMin, shape % 5U); count > 0; --count)
            hops.entries.push_back(entry(script));
        const std::size_t last = hops.entries.size() - std::min(countMin, hops.entries.size());
        hops.pointer = static_cast<std::uint8_t>((shape & 0x80U) != 0 ? shape / 8U % (hops.entries.size() + 1) : last);
        return hops;
    }

    romon::LinkRecord record(Script& script) const
    {
        const auto [link, mac] = entry(script);
        const std::uint8_t size = script.byte();
        return {
            .linkId = link, .l2Mtu = static_cast<std::uint16_t>(1500 - size * 5U), .cost = script.byte(), .mac = mac};
    }

    romon::Message discover(Script& script) const
    {
        romon::Discover discover;
        discover.header = {.auth = {}, .source = script.pick(m_names.ids), .destination = romon::kEveryNode};
        discover.hops = hops(script, 0);
        discover.routing.node = discover.hops.entries.empty() ? discover.header.source : script.pick(m_names.ids);
        if (!discover.hops.entries.empty())
            discover.routing.incoming = record(script);
        discover.routing.outgoing = record(script);
        return discover;
    }

    romon::Message response(Script& script) const
    {
        romon::DiscoverResp response;
        response.header.source = script.pick(m_names.ids);
        response.hops = hops(script, 0);
        const std::uint8_t shape = script.byte();
        if ((shape & 0x80U) == 0)
            response.hops.pointer = 0;
        response.parent.node = (shape & 1U) != 0 ? script.pick(m_names.ids) : response.header.source;
        response.parent.outgoing = record(script);
        response.own.node = script.pick(m_names.ids);
        response.own.incoming = record(script);
        response.header.destination = response.own.node;
        response.identity = textOf(script.bytes(shape / 2U % 4U));
        response.board = (shape & 8U) != 0 ? "Footbridge" : "RB750Gr3";
        return response;
    }

    romon::Message data(Script& script) const
    {
        romon::Data data;
        data.header.source = script.pick(m_names.ids);
        data.header.destination = script.pick(m_names.ids);
        data.hops = hops(script, 1);
        const std::uint8_t what = script.byte();
        constexpr std::uint16_t kPorts[] = {romon::kPingPort,          overlay::kNodeInformationPort,
                                            overlay::kChallengePort,   overlay::kUnreachablePort,
                                            overlay::kUnreachablePort, romon::kSshPort,
                                            overlay::kPrivatePortMax,  20000};
        data.destinationPort = kPorts[what % 8U];
        data.sourcePort = kPorts[what / 8U % 8U];
        data.payload = (what & 0x80U) != 0 ? payload(script) : raw(script);
        return data;
    }

    static ByteVector raw(Script& script)
    {
        const Bytes bytes = script.bytes(script.byte());
        return {bytes.begin(), bytes.end()};
    }

    ByteVector payload(Script& script) const
    {
        const std::uint8_t kind = script.byte();
        if (kind % 4 == 0)
            return overlay::encodeNodeQuestion({.nonce = script.byte()});
        if (kind % 4 == 1)
            return overlay::encodeNodeAnswer({.nonce = script.byte(),
                                              .uptime = std::chrono::seconds(script.word()),
                                              .services = {1, 3, script.word()},
                                              .role = (kind & 4U) != 0 ? overlay::Role::Leaf : overlay::Role::Transit});
        if (kind % 4 == 2)
            return overlay::encode(overlay::Challenge{.kind = (kind & 4U) != 0 ? overlay::Challenge::Kind::Answer
                                                                               : overlay::Challenge::Kind::Question,
                                                      .nonce = script.word(),
                                                      .value = script.word() * 64U});
        overlay::Unreachable report{.reason = static_cast<overlay::UnreachableReason>(kind / 4U % 8U),
                                    .index = static_cast<std::uint8_t>(script.byte() % 4U),
                                    .entry = entry(script),
                                    .l2Mtu = script.word(),
                                    .target = script.pick(m_names.ids)};
        // Mostly about the way of a frame that there is.
        if (m_overheard && report.index < m_overheard->hops.entries.size() && (kind & 0x80U) != 0) {
            report.entry = m_overheard->hops.entries[report.index];
            report.target = m_overheard->header.destination;
        }
        return overlay::encodeUnreachable(report);
    }

    /// To an echo, a question, a challenge: back to whoever sent it, perhaps not quite what it wanted to hear.
    romon::Message answer(Script& script) const
    {
        romon::Data data = *m_overheard;
        std::swap(data.header.source, data.header.destination);
        std::swap(data.sourcePort, data.destinationPort);
        if (data.header.source == romon::kEveryNode)
            data.header.source = script.pick(m_names.ids);
        data.hops.pointer = static_cast<std::uint8_t>(std::max<std::size_t>(1, data.hops.entries.size()) - 1);
        const std::uint8_t changes = script.byte() % 4U;
        for (std::uint8_t change = 0; change < changes && !data.payload.empty(); ++change) {
            const std::size_t at = script.byte() % data.payload.size();
            data.payload[at] = script.byte();
        }
        return data;
    }

    Names m_names;
    std::optional<romon::Data> m_overheard;
};

/// A packet in a frame, as it leaves a port.
inline ByteVector frameOf(const MacAddress& to, const MacAddress& from, Bytes packet)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = to, .source = from, .etherType = romon::kEtherType}, frame);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

} // namespace fb::fuzz
