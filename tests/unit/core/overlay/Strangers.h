// SPDX-License-Identifier: Apache-2.0
// Strangers who say things to a node that is alone with them, for the tests of the node.
#pragma once

#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/sim/SimNet.h"

#include <algorithm>
#include <string_view>

namespace fb::test {

[[nodiscard]] inline MacAddress mac(std::uint8_t node, std::uint8_t port = 1)
{
    return {{0x0a, 0, 0, 0, node, port}};
}

[[nodiscard]] inline romon::RomonId strangerId(std::uint8_t node)
{
    return {mac(node, 0)};
}

[[nodiscard]] inline ByteVector frameOf(const MacAddress& to, const MacAddress& from, const romon::Message& message)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = to, .source = from, .etherType = romon::kEtherType}, frame);
    const ByteVector packet = romon::encode(message);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

/// A question as stranger number `node` would ask it itself.
[[nodiscard]] inline romon::Discover questionOf(std::uint8_t node)
{
    romon::Discover question;
    question.header = {.auth = {}, .source = strangerId(node), .destination = romon::kEveryNode};
    question.routing = {.node = strangerId(node),
                        .incoming = {},
                        .outgoing = {.linkId = 5, .l2Mtu = 1500, .cost = 100, .mac = mac(node)}};
    return question;
}

/// The same question after stranger `via` passed it on.
[[nodiscard]] inline romon::Discover forwardedQuestion(std::uint8_t node, std::uint8_t via)
{
    romon::Discover question = questionOf(node);
    question.hops = {.pointer = 1, .entries = {{.linkId = 9, .mac = mac(node)}}};
    question.routing = {.node = strangerId(via),
                        .incoming = {.linkId = 9, .l2Mtu = 1500, .cost = 100, .mac = mac(via, 2)},
                        .outgoing = {.linkId = 8, .l2Mtu = 1500, .cost = 100, .mac = mac(via)}};
    return question;
}

[[nodiscard]] inline std::uint64_t counted(const sim::SimNet& net, sim::NodeIndex node, std::string_view name)
{
    const auto counters = net.snapshot(node).counters;
    const auto found = std::ranges::find(counters, name, &overlay::NamedCounter::name);
    return found == counters.end() ? 0 : found->value;
}

/// A node with two ports, and everything it sends.
struct Alone {
    explicit Alone(overlay::Role role = overlay::Role::Transit, overlay::Limits limits = {})
        : node(net.addNode({.role = role, .limits = limits}))
    {
        net.attach(node, left);
        net.attach(node, right);
        net.setObserver([this](const sim::SentFrame& frame) { sent.push_back(frame); });
    }

    void hear(sim::SegmentIndex segment, const MacAddress& from, const romon::Message& message)
    {
        const bool isQuestion = std::holds_alternative<romon::Discover>(message);
        const MacAddress own{{6, 0, 0, 0, 0, static_cast<std::uint8_t>(segment)}};
        net.inject(segment, frameOf(isQuestion ? romon::kGroupAddress : own, from, message));
        net.runFor(std::chrono::microseconds(200));
    }

    template <class Message>
    [[nodiscard]] std::vector<Message> sentOn(overlay::PortId port) const
    {
        std::vector<Message> messages;
        for (const auto& frame : sent) {
            const auto message = romon::decode(Bytes(frame.frame).subspan(wire::kEthernetHeaderBytes));
            if (frame.port == port && std::holds_alternative<Message>(*message))
                messages.push_back(std::get<Message>(*message));
        }
        return messages;
    }

    sim::SimNet net{1};
    sim::SegmentIndex left = net.addSegment();
    sim::SegmentIndex right = net.addSegment();
    sim::NodeIndex node;
    std::vector<sim::SentFrame> sent;
};

} // namespace fb::test
