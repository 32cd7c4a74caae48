// SPDX-License-Identifier: Apache-2.0
// Text that a stranger sent, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fb::romon {

/// Longest text that displayText() returns, in bytes.
inline constexpr std::size_t kDisplayTextBytesMax = 128;

/// Printable UTF-8 of bounded length: control characters (C0, DEL, C1) and direction overrides are left out, bytes that
/// are not UTF-8 become U+FFFD, what is too long is cut at a character.
[[nodiscard]] std::string displayText(std::string_view raw);

} // namespace fb::romon
