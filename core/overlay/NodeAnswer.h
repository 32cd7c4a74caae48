// SPDX-License-Identifier: Apache-2.0
// The payload of node information (ours, between Footbridge nodes only): what RoMON's discovery does not tell. Tagged,
// so that it can grow: a tag that is not known is skipped, a tag that is missing is simply not known.
//
//   0    1        2       6
//   |kind|reserved| nonce | TLVs of an answer: tag u8, length u8, value
#pragma once

#include "core/base/Bytes.h"
#include "core/overlay/Snapshot.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace fb::overlay {

inline constexpr std::uint16_t kNodeInformationPort = 0xfb01;
inline constexpr std::size_t kServicesMax = 64;

struct NodeQuestion {
    std::uint32_t nonce = 0;
};

struct NodeAnswer {
    std::uint32_t nonce = 0; ///< of the question
    std::optional<std::chrono::seconds> uptime;
    std::vector<std::uint16_t> services; ///< ascending, at most kServicesMax
    std::optional<Role> role;
};

[[nodiscard]] ByteVector encodeNodeQuestion(const NodeQuestion& question);
[[nodiscard]] ByteVector encodeNodeAnswer(const NodeAnswer& answer);
/// Nothing if the bytes are neither.
[[nodiscard]] std::optional<std::variant<NodeQuestion, NodeAnswer>> decodeNodeInformation(Bytes payload);

} // namespace fb::overlay
