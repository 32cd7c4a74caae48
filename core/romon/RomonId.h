// SPDX-License-Identifier: Apache-2.0
// The name of a node in the overlay: six bytes that look like a MAC address and need not be any interface's. Never use
// one as an Ethernet address (reference: RoMON id, official documentation).
#pragma once

#include "core/base/MacAddress.h"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace fb::romon {

struct RomonId {
    MacAddress value;

    friend auto operator<=>(const RomonId&, const RomonId&) = default;

    /// Whether a node may have this id: neither zero nor a group address.
    [[nodiscard]] bool isUsable() const { return !value.isZero() && !value.isGroup(); }

    [[nodiscard]] std::string toString() const { return value.toString(); }
    [[nodiscard]] static std::optional<RomonId> parse(std::string_view text)
    {
        const auto address = MacAddress::parse(text);
        return address ? std::optional(RomonId{*address}) : std::nullopt;
    }
};

} // namespace fb::romon
