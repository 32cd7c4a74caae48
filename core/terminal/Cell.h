// SPDX-License-Identifier: Apache-2.0
// One character cell: what is drawn, in which colours, how. Sixteen bytes, a plain value: cells are copied by the
// million, so colours are stored directly and the rare text of more than one code point lives beside the grid.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>

namespace fb::terminal {

/// The terminal's default colour, one of the 256 palette entries, or 24-bit RGB.
class Color {
public:
    constexpr Color() = default;
    [[nodiscard]] static constexpr Color indexed(std::uint8_t index) { return Color(kIndexed | index); }
    [[nodiscard]] static constexpr Color rgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
    {
        return Color(kRgb | (std::uint32_t{red} << 16U) | (std::uint32_t{green} << 8U) | blue);
    }

    [[nodiscard]] constexpr bool isDefault() const { return m_value == 0; }
    [[nodiscard]] constexpr bool isIndexed() const { return (m_value & kKindMask) == kIndexed; }
    [[nodiscard]] constexpr bool isRgb() const { return (m_value & kKindMask) == kRgb; }

    /// The palette entry; meaningful only if isIndexed(). 0-7 normal, 8-15 bright, 16-231 cube, 232-255 greys.
    [[nodiscard]] constexpr std::uint8_t index() const { return static_cast<std::uint8_t>(m_value & 0xffU); }
    /// 0xRRGGBB; meaningful only if isRgb().
    [[nodiscard]] constexpr std::uint32_t rgbValue() const { return m_value & 0xffffffU; }

    friend constexpr bool operator==(const Color&, const Color&) = default;

private:
    static constexpr std::uint32_t kIndexed = 0x01000000U;
    static constexpr std::uint32_t kRgb = 0x02000000U;
    static constexpr std::uint32_t kKindMask = 0xff000000U;

    explicit constexpr Color(std::uint32_t value) : m_value(value) {}

    std::uint32_t m_value = 0;
};

/// Bits of Cell::attributes. Inverse and Conceal are not applied to the colours: the painter does that.
namespace attribute {
inline constexpr std::uint16_t kBold = 1U << 0U;
inline constexpr std::uint16_t kFaint = 1U << 1U;
inline constexpr std::uint16_t kItalic = 1U << 2U;
inline constexpr std::uint16_t kBlink = 1U << 3U;
inline constexpr std::uint16_t kInverse = 1U << 4U;
inline constexpr std::uint16_t kConceal = 1U << 5U;
inline constexpr std::uint16_t kStrike = 1U << 6U;
inline constexpr std::uint16_t kOverline = 1U << 7U;
inline constexpr unsigned kUnderlineShift = 8U;
inline constexpr std::uint16_t kUnderlineMask = 7U << kUnderlineShift;
} // namespace attribute

enum class Underline : std::uint8_t { None, Single, Double, Curly, Dotted, Dashed };

/// What part of a character a cell holds.
enum class CellPart : std::uint8_t {
    Narrow, ///< a whole character one cell wide, or nothing
    Wide,   ///< the left half of a character two cells wide: it is drawn over this cell and the next
    Tail,   ///< the right half: nothing of its own to draw, the colours equal those of the left half
    Filler, ///< an empty last cell: the wide character that came next did not fit and moved to the next row
};

struct Cell {
    char32_t glyph = 0; ///< 0: nothing written here; a code point; or from kClusterBase on: see Terminal::textOf()
    Color foreground;
    Color background;
    std::uint16_t attributes = 0;
    CellPart part = CellPart::Narrow;
    std::uint8_t reserved = 0; ///< always 0

    /// Glyphs from here on stand for a character with combining marks.
    static constexpr char32_t kClusterBase = 0x110000;

    [[nodiscard]] constexpr bool has(std::uint16_t bits) const { return (attributes & bits) != 0; }
    [[nodiscard]] constexpr Underline underline() const
    {
        return static_cast<Underline>((attributes & attribute::kUnderlineMask) >> attribute::kUnderlineShift);
    }
    /// Nothing to see and nothing to copy: the cell of a fresh screen.
    [[nodiscard]] constexpr bool isUntouched() const;

    friend constexpr bool operator==(const Cell&, const Cell&) = default;
};

static_assert(sizeof(Cell) == 16);

/// A cell as two numbers, for what must look at many cells at once. Which bits are which is asked by casting a cell.
using CellWords = std::array<std::uint64_t, 2>;
[[nodiscard]] constexpr CellWords wordsOf(const Cell& cell)
{
    return std::bit_cast<CellWords>(cell);
}

constexpr bool Cell::isUntouched() const
{
    const CellWords words = wordsOf(*this);
    return (words[0] | words[1]) == 0;
}

} // namespace fb::terminal
