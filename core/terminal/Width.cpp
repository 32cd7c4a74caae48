// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Width.h"

#include <algorithm>
#include <iterator>
#include <span>

namespace fb::terminal {

namespace {

struct CodeRange {
    char32_t first;
    char32_t last;
};

#include "core/terminal/WidthTable.inc"

bool isIn(std::span<const CodeRange> table, char32_t codePoint)
{
    const auto after = std::ranges::upper_bound(table, codePoint, {}, &CodeRange::first);
    return after != table.begin() && std::prev(after)->last >= codePoint;
}

} // namespace

CharacterWidth widthOf(char32_t codePoint)
{
    constexpr char32_t kFirstMark = 0x300;
    if (codePoint < kFirstMark)
        return CharacterWidth::One;
    const bool isCommonIdeograph = codePoint >= 0x4e00 && codePoint <= 0x9fff;
    const bool isHangulSyllable = codePoint >= 0xac00 && codePoint <= 0xd7a3;
    if (isCommonIdeograph || isHangulSyllable)
        return CharacterWidth::Two;
    if (isIn(kZeroWidth, codePoint))
        return CharacterWidth::Zero;
    return isIn(kWide, codePoint) ? CharacterWidth::Two : CharacterWidth::One;
}

} // namespace fb::terminal
