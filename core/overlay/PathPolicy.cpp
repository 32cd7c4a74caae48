// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathPolicy.h"

namespace fb::overlay {

std::vector<PortName> pinOf(const Path& path)
{
    std::vector<PortName> ports;
    ports.reserve(path.hops.size());
    for (const auto& hop : path.hops)
        ports.push_back({.node = hop.from, .linkId = hop.out.linkId});
    return ports;
}

bool areDisjoint(const Path& first, const Path& second)
{
    if (first.hops.size() == 1 || second.hops.size() == 1)
        return first.hops != second.hops && nameOf(first.hops.front()) != nameOf(second.hops.front());
    const auto isCrossed = [&](const Hop& hop) {
        return std::ranges::find(second.hops.begin(), second.hops.end() - 1, hop.to, &Hop::to) != second.hops.end() - 1;
    };
    return std::none_of(first.hops.begin(), first.hops.end() - 1, isCrossed);
}

} // namespace fb::overlay
