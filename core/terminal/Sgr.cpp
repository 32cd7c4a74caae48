// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Sgr.h"

#include <array>
#include <initializer_list>
#include <optional>

namespace fb::terminal {

namespace {

struct AttributeCode {
    unsigned on;
    unsigned off;
    std::uint16_t bits;
};

// 22 ends both bold and faint; 5 and 6 (slow and rapid blink) are one to us.
constexpr std::array<AttributeCode, 9> kAttributes{{{1, 22, attribute::kBold},
                                                    {2, 22, attribute::kFaint},
                                                    {3, 23, attribute::kItalic},
                                                    {5, 25, attribute::kBlink},
                                                    {6, 25, attribute::kBlink},
                                                    {7, 27, attribute::kInverse},
                                                    {8, 28, attribute::kConceal},
                                                    {9, 29, attribute::kStrike},
                                                    {53, 55, attribute::kOverline}}};

void setUnderline(Cell& pen, unsigned style)
{
    constexpr unsigned kLast = static_cast<unsigned>(Underline::Dashed);
    const unsigned known = style > kLast ? static_cast<unsigned>(Underline::Single) : style;
    const unsigned others = pen.attributes & static_cast<unsigned>(~attribute::kUnderlineMask & 0xffff);
    pen.attributes = static_cast<std::uint16_t>(others | (known << attribute::kUnderlineShift));
}

bool setAttribute(Cell& pen, unsigned code)
{
    bool isKnown = false;
    for (const AttributeCode& known : kAttributes) {
        if (code == known.on) {
            pen.attributes = static_cast<std::uint16_t>(pen.attributes | known.bits);
            return true;
        }
        if (code == known.off) {
            pen.attributes = static_cast<std::uint16_t>(pen.attributes & ~known.bits);
            isKnown = true;
        }
    }
    return isKnown;
}

std::uint8_t channel(unsigned value)
{
    return static_cast<std::uint8_t>(std::min(value, 255U));
}

std::optional<Color> colorFrom(const Parameters& parameters, std::size_t space, std::size_t first)
{
    if (parameters.at(space) == 5)
        return Color::indexed(channel(parameters.at(first)));
    if (parameters.at(space) == 2) {
        return Color::rgb(channel(parameters.at(first)), channel(parameters.at(first + 1)),
                          channel(parameters.at(first + 2)));
    }
    return std::nullopt;
}

struct ExtendedColor {
    std::optional<Color> color;
    std::size_t next; // the index of the first parameter that does not belong to it
};

/// `index` is that of 38, 48 or 58.
ExtendedColor extendedColor(const Parameters& parameters, std::size_t index)
{
    std::size_t end = index + 1;
    while (parameters.isSubparameter(end))
        ++end;
    if (end > index + 1) {
        // With a colour space field there are five sub-parameters or more, without it four: 2:r:g:b.
        const bool hasColorSpace = parameters.at(index + 1) == 2 && end - index > 5;
        return {colorFrom(parameters, index + 1, index + (hasColorSpace ? 3U : 2U)), end};
    }
    const std::size_t length = parameters.at(index + 1) == 2 ? 5 : 3;
    return {colorFrom(parameters, index + 1, index + 2), index + length};
}

/// One more parameter, its sub-parameters after ':'.
void append(std::string& text, std::initializer_list<unsigned> parts)
{
    char separator = ';';
    for (const unsigned part : parts) {
        text.push_back(separator);
        text.append(std::to_string(part));
        separator = ':';
    }
}

void appendColor(std::string& text, const Color& color, unsigned base)
{
    const unsigned index = color.index();
    const std::uint32_t value = color.rgbValue();
    if (color.isRgb())
        append(text, {base + 8, 2, value >> 16U, (value >> 8U) & 0xffU, value & 0xffU});
    else if (color.isIndexed() && index < 8)
        append(text, {base + index});
    else if (color.isIndexed() && index < 16)
        append(text, {base + 60 + index - 8});
    else if (color.isIndexed())
        append(text, {base + 8, 5, index});
}

/// One parameter that is not an attribute and not an extended colour; false if it means nothing to us.
bool applySimple(Cell& pen, unsigned code)
{
    const auto palette = [code](unsigned first, unsigned offset) {
        return Color::indexed(static_cast<std::uint8_t>(code - first + offset));
    };
    if (code == 0) {
        pen = Cell{};
    } else if (code >= 30 && code <= 37) {
        pen.foreground = palette(30, 0);
    } else if (code >= 90 && code <= 97) {
        pen.foreground = palette(90, 8);
    } else if (code >= 40 && code <= 47) {
        pen.background = palette(40, 0);
    } else if (code >= 100 && code <= 107) {
        pen.background = palette(100, 8);
    } else if (code == 39) {
        pen.foreground = Color{};
    } else if (code == 49) {
        pen.background = Color{};
    } else if (code == 21) {
        setUnderline(pen, static_cast<unsigned>(Underline::Double));
    } else if (code == 24) {
        setUnderline(pen, static_cast<unsigned>(Underline::None));
    } else {
        return setAttribute(pen, code) || code == 59;
    }
    return true;
}

} // namespace

std::size_t applySgr(const Parameters& parameters, Cell& pen)
{
    if (parameters.count() == 0) {
        pen = Cell{};
        return 0;
    }
    std::size_t unknown = 0;
    for (std::size_t index = 0; index < parameters.count();) {
        const unsigned code = parameters.at(index);
        if (code == 38 || code == 48 || code == 58) {
            const ExtendedColor extended = extendedColor(parameters, index);
            index = extended.next;
            if (!extended.color)
                ++unknown;
            else if (code == 38)
                pen.foreground = *extended.color;
            else if (code == 48)
                pen.background = *extended.color;
            continue; // 58, the colour of the underline, has no place in a cell
        }
        const bool hasStyle = parameters.isSubparameter(index + 1);
        if (code == 4)
            setUnderline(pen, hasStyle ? parameters.at(index + 1) : static_cast<unsigned>(Underline::Single));
        else if (!applySimple(pen, code))
            ++unknown;
        ++index;
        while (parameters.isSubparameter(index))
            ++index;
    }
    return unknown;
}

std::string sgrOf(const Cell& pen)
{
    std::string text = "0";
    for (const AttributeCode& known : kAttributes) {
        if (pen.has(known.bits) && known.on != 6)
            append(text, {known.on});
    }
    if (pen.underline() == Underline::Single)
        append(text, {4});
    else if (pen.underline() != Underline::None)
        append(text, {4, static_cast<unsigned>(pen.underline())});
    appendColor(text, pen.foreground, 30);
    appendColor(text, pen.background, 40);
    return text;
}

} // namespace fb::terminal
