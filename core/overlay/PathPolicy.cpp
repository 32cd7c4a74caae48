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

std::size_t countShared(const Path& first, const Path& second)
{
    std::size_t shared = 0;
    for (const auto& mine : first.hops) {
        for (const auto& other : second.hops) {
            shared += std::size_t{mine.from == other.from && mine.out.linkId == other.out.linkId};
            shared += std::size_t{mine.to == other.to && mine.in.linkId == other.in.linkId};
            shared += std::size_t{mine.to == other.to && mine.to != first.hops.back().to};
        }
    }
    return shared;
}

} // namespace fb::overlay
