// SPDX-License-Identifier: Apache-2.0
// Who this node is when nobody has said so.
#pragma once

#include "core/base/RandomSource.h"
#include "core/link/Link.h"
#include "core/romon/RomonId.h"

#include <string>
#include <vector>

namespace fb::agent {

/// The lowest MAC address of the machine's own Ethernet interfaces, as it stays the same over restarts; if there is
/// none, a random locally administered one.
[[nodiscard]] romon::RomonId nodeId(const std::vector<link::Interface>& interfaces, RandomSource& random);

/// The host name.
[[nodiscard]] std::string nodeIdentity();

} // namespace fb::agent
