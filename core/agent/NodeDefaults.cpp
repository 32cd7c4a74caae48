// SPDX-License-Identifier: Apache-2.0
#include "core/agent/NodeDefaults.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace fb::agent {

namespace {

/// Second bit of the first octet (IEEE 802-2014, 8.2.2): made up locally, so it may exist elsewhere too.
constexpr std::uint8_t kLocallyAdministered = 0x02;

} // namespace

romon::RomonId nodeId(const std::vector<link::Interface>& interfaces, RandomSource& random)
{
    romon::RomonId best;
    bool bestIsLocal = true;
    for (const auto& interface : interfaces) {
        const romon::RomonId id{interface.mac};
        if (!id.isUsable())
            continue;
        const bool isLocal = (interface.mac.octets[0] & kLocallyAdministered) != 0;
        // An address from a factory is unique and stays; a made-up one (containers, veth) serves if there is no other.
        if (!best.isUsable() || std::pair(isLocal, id) < std::pair(bestIsLocal, best)) {
            best = id;
            bestIsLocal = isLocal;
        }
    }
    if (best.isUsable())
        return best;
    for (auto& octet : best.value.octets)
        octet = static_cast<std::uint8_t>(random.below(256));
    best.value.octets[0] = static_cast<std::uint8_t>((best.value.octets[0] & 0xfcU) | kLocallyAdministered);
    return best;
}

std::string nodeIdentity()
{
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
        return "footbridge";
    return name.data();
}

} // namespace fb::agent
