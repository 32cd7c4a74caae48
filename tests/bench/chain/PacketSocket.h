// SPDX-License-Identifier: Apache-2.0
// A packet socket of one interface, for the benchmark's own forwarders and senders.
#pragma once

#include "core/base/FileDescriptor.h"

#include <linux/if_ether.h>

#include <cstdint>
#include <string>

namespace fb::bench {

constexpr std::uint16_t kEveryEtherType = ETH_P_ALL;
constexpr std::uint16_t kRomonEtherType = 0x88bf;

/// Bound, promiscuous, deaf to what this computer sends, with room for 1 MB. Ends the program's work by an exception if
/// it cannot be had.
[[nodiscard]] FileDescriptor openPacketSocket(const std::string& interface, std::uint16_t etherType);

} // namespace fb::bench
