// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Reports.h"

#include "core/terminal/Sgr.h"

#include <algorithm>

namespace fb::terminal::report {

namespace {

std::string hex(std::uint32_t value, int digits)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (int digit = digits - 1; digit >= 0; --digit)
        text.push_back(kDigits[(value >> (4U * static_cast<unsigned>(digit))) & 0xfU]);
    return text;
}

int cursorStyle(const Screen& screen)
{
    int style = 2;
    switch (screen.cursorShape) {
    case CursorShape::Block:
        style = 2;
        break;
    case CursorShape::Underline:
        style = 4;
        break;
    case CursorShape::Bar:
        style = 6;
        break;
    }
    return screen.modes.cursorBlinks ? style - 1 : style;
}

} // namespace

std::string cursorPosition(const Screen& screen, ModeFamily family)
{
    const int row = screen.cursor.row - (screen.modes.originMode ? screen.margins.top : 0);
    const std::string prefix = family == ModeFamily::Private ? "\x1b[?" : "\x1b[";
    return prefix + std::to_string(row + 1) + ";" + std::to_string(screen.cursor.column + 1) + "R";
}

std::string mode(const Screen& screen, ModeFamily family, unsigned number)
{
    const std::string prefix = family == ModeFamily::Private ? "\x1b[?" : "\x1b[";
    const auto state = static_cast<unsigned>(modeState(screen, family, number));
    return prefix + std::to_string(number) + ";" + std::to_string(state) + "$y";
}

std::string setting(const Screen& screen, std::string_view name)
{
    std::string value;
    if (name == "m")
        value = sgrOf(screen.cursor.pen);
    else if (name == "r")
        value = std::to_string(screen.margins.top + 1) + ";" + std::to_string(screen.margins.bottom + 1);
    else if (name == " q")
        value = std::to_string(cursorStyle(screen));
    else
        return "\x1bP0$r\x1b\\";
    return "\x1bP1$r" + value + std::string(name) + "\x1b\\";
}

std::string window(const Screen& screen, const Display& display, unsigned operation)
{
    const Size size = screen.size();
    const auto answer = [](int code, int height, int width) {
        return "\x1b[" + std::to_string(code) + ";" + std::to_string(height) + ";" + std::to_string(width) + "t";
    };
    switch (operation) {
    case 14:
        return answer(4, size.rows * display.cellHeightPixels, size.columns * display.cellWidthPixels);
    case 16:
        return answer(6, display.cellHeightPixels, display.cellWidthPixels);
    case 18:
        return answer(8, size.rows, size.columns);
    case 19:
        return answer(9, size.rows, size.columns);
    default:
        return {};
    }
}

std::string checksum(const Screen& screen, const Parameters& parameters)
{
    const Size size = screen.size();
    const int origin = screen.modes.originMode ? screen.margins.top : 0;
    const int top = std::clamp(parameters.atLeastOne(2) + origin, 1, size.rows);
    const int left = std::clamp(parameters.atLeastOne(3), 1, size.columns);
    const int bottom =
        parameters.at(4) == 0 ? size.rows : std::clamp(static_cast<int>(parameters.at(4)) + origin, 1, size.rows);
    const int right =
        parameters.at(5) == 0 ? size.columns : std::clamp(static_cast<int>(parameters.at(5)), 1, size.columns);
    std::uint32_t sum = 0;
    for (int row = top - 1; row < bottom; ++row) {
        for (int column = left - 1; column < right; ++column) {
            char32_t glyph = screen.grid().row(row)[static_cast<std::size_t>(column)].glyph;
            if (Clusters::isCluster(glyph))
                glyph = screen.clusters().textOf(glyph).front();
            sum += glyph == 0 ? U' ' : glyph;
        }
    }
    return "\x1bP" + std::to_string(parameters.at(0)) + "!~" + hex(sum & 0xffffU, 4) + "\x1b\\";
}

std::string color(unsigned command, std::uint32_t rgb)
{
    std::string text = "\x1b]" + std::to_string(command) + ";rgb:";
    for (const unsigned shift : {16U, 8U, 0U}) {
        const std::uint32_t channel = (rgb >> shift) & 0xffU;
        text += hex(channel * 0x101U, 4);
        if (shift != 0)
            text += "/";
    }
    return text + "\x1b\\";
}

} // namespace fb::terminal::report
