// SPDX-License-Identifier: Apache-2.0
// How many cells a code point takes: Unicode's East Asian Width and categories, from a table of our own, because the
// C library's answer depends on the computer's locale and version. Ambiguous characters are narrow, as in xterm.
#pragma once

namespace fb::terminal {

enum class CharacterWidth { Zero, One, Two };

/// Zero: combining marks, joiners, variation selectors, direction marks. Each code point counts for itself, so an emoji
/// made of several (joined by U+200D) takes two cells for each part: programs at the far end count the same way.
[[nodiscard]] CharacterWidth widthOf(char32_t codePoint);

} // namespace fb::terminal
