// SPDX-License-Identifier: Apache-2.0
// Data frames of the overlay with a source route that whoever runs the benchmark has laid out: no discovery is needed
// to measure what a hop does with them.
#pragma once

#include "core/romon/Messages.h"

#include <string>
#include <vector>

namespace fb::bench {

struct RoutedFrame {
    romon::RomonId source;
    romon::RomonId destination;
    MacAddress sourceMac;               ///< of the interface it leaves
    std::vector<romon::HopEntry> route; ///< the first entry's MAC is where the frame goes first
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    std::size_t payloadBytes = 0; ///< zeros

    [[nodiscard]] ByteVector bytes() const;
};

/// "LINK-ID/MAC", as in 3/02:00:00:00:00:07. Fails by an exception: it comes from a command line.
[[nodiscard]] romon::HopEntry parseHop(const std::string& text);
[[nodiscard]] MacAddress parseMac(const std::string& text);

} // namespace fb::bench
