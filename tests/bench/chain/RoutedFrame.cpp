// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/RoutedFrame.h"

#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"

#include <stdexcept>

namespace fb::bench {

ByteVector RoutedFrame::bytes() const
{
    ByteVector frame;
    wire::encodeEthernet({.destination = route.at(0).mac, .source = sourceMac, .etherType = romon::kEtherType}, frame);
    const ByteVector payload(payloadBytes);
    romon::appendData({.header = {.auth = {}, .source = source, .destination = destination},
                       .pointer = 0,
                       .entries = route,
                       .sourcePort = sourcePort,
                       .destinationPort = destinationPort,
                       .payload = payload},
                      frame);
    return frame;
}

MacAddress parseMac(const std::string& text)
{
    const auto mac = MacAddress::parse(text);
    if (!mac)
        throw std::invalid_argument(text + " is no address");
    return *mac;
}

romon::HopEntry parseHop(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos)
        throw std::invalid_argument(text + " is not LINK-ID/MAC");
    return {.linkId = static_cast<std::uint32_t>(std::stoul(text.substr(0, slash))),
            .mac = parseMac(text.substr(slash + 1))};
}

} // namespace fb::bench
