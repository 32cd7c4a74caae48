// SPDX-License-Identifier: Apache-2.0
// Raw bytes: a view that owns nothing, and a vector that does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fb {

using Bytes = std::span<const std::uint8_t>;
using ByteVector = std::vector<std::uint8_t>;

/// The bytes of a text, without a terminating zero.
[[nodiscard]] ByteVector bytesOf(std::string_view text);

/// The text whose bytes these are; the encoding is not looked at.
[[nodiscard]] std::string textOf(Bytes bytes);

} // namespace fb
