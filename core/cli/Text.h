// SPDX-License-Identifier: Apache-2.0
// Numbers as RouterOS writes them in its tables, so that a RouterOS user reads them without thinking.
#pragma once

#include "core/base/Instant.h"
#include "core/overlay/PathQuality.h"
#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <chrono>
#include <string>

namespace fb::cli {

/// "532us", "1ms234us", "2s50ms".
[[nodiscard]] std::string roundTripText(Duration time);
/// "1.5%".
[[nodiscard]] std::string lossText(const overlay::PathQuality& quality);
/// "5s", "1h2m3s", "2w3d4h5m6s".
[[nodiscard]] std::string uptimeText(std::chrono::seconds time);
/// The identity of a node, or its id if it has none or is not in the snapshot.
[[nodiscard]] std::string nameOf(const overlay::Snapshot& snapshot, romon::RomonId id);
/// "barn (02:00:00:00:00:04)", or the id alone.
[[nodiscard]] std::string nameAndIdOf(const overlay::Snapshot& snapshot, romon::RomonId id);

} // namespace fb::cli
