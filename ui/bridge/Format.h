// SPDX-License-Identifier: Apache-2.0
// Values as a person reads them. Plain functions, no state; every text that has words in it is translated.
#pragma once

#include "core/base/Instant.h"
#include "core/overlay/Snapshot.h"

#include <QString>

#include <chrono>
#include <string>

namespace fb::ui {

/// UTF-8 from the core as text; bytes that are not UTF-8 become replacement characters.
[[nodiscard]] QString fromCore(const std::string& text);

/// "48:a9:8a:01:02:03".
[[nodiscard]] QString idText(const romon::RomonId& id);

/// As RouterOS writes it: "1w2d03:04:05", "2d03:04:05", "03:04:05".
[[nodiscard]] QString uptimeText(std::chrono::seconds uptime);

/// A span of time with a sensible unit: "0.4 ms", "38 ms", "1.2 s", "12 s", "3 min 05 s".
[[nodiscard]] QString durationText(Duration duration);

/// A share of a thousand: "0 %", "1.5 %".
[[nodiscard]] QString permilleText(std::uint32_t permille);

/// "Fresh", "Stale" or "Lost", translated.
[[nodiscard]] QString freshnessText(overlay::Freshness freshness);

} // namespace fb::ui
