// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal/TerminalColors.h"

#include <cstdlib>

namespace fb::ui {
namespace {

/// xterm's 6x6x6 cube (16-231) and greys (232-255).
void fillFixedColors(std::array<QRgb, 256>& palette)
{
    constexpr std::array<int, 6> kLevels{0, 95, 135, 175, 215, 255};
    std::size_t index = 16;
    for (const int red : kLevels) {
        for (const int green : kLevels) {
            for (const int blue : kLevels)
                palette[index++] = qRgb(red, green, blue);
        }
    }
    for (int grey = 8; index < palette.size(); grey += 10)
        palette[index++] = qRgb(grey, grey, grey);
}

TerminalColors schemeOf(const std::array<QRgb, 16>& first, QRgb foreground, QRgb background)
{
    TerminalColors colors;
    fillFixedColors(colors.palette);
    for (std::size_t index = 0; index < first.size(); ++index)
        colors.palette[index] = 0xff000000U | first[index];
    colors.foreground = 0xff000000U | foreground;
    colors.background = 0xff000000U | background;
    return colors;
}

} // namespace

TerminalColors lightTerminalColors()
{
    // All sixteen can be read on the background (contrast 4.5 or more), white included: most programs that use it
    // expect dark paper and mean ordinary text.
    auto colors = schemeOf({0x24292f, 0xb4232a, 0x1b7a2f, 0x8a5d00, 0x0550ae, 0x8250df, 0x0b7285, 0x57606a, //
                            0x4b535d, 0xc62b33, 0x13762b, 0x7d5500, 0x0a5fd0, 0x9a3fd0, 0x0a6c7d, 0x6a727c},
                           0x1f2328, 0xfdfdfc);
    colors.cursor = 0xff1f2328U;
    colors.selection = 0xffb6d7ffU;
    colors.banner = 0xfffff1c9U;
    return colors;
}

TerminalColors darkTerminalColors()
{
    auto colors = schemeOf({0x2b303b, 0xf07178, 0x9bd07a, 0xe6c07b, 0x6cb0f5, 0xc792ea, 0x56c8d8, 0xc8ccd4, //
                            0x7d8799, 0xff8f95, 0xb6e397, 0xf5d79b, 0x8fc6ff, 0xdcb3f5, 0x7fdfec, 0xffffff},
                           0xd7dae0, 0x16191f);
    colors.cursor = 0xffe6e9efU;
    colors.selection = 0xff2f4f77U;
    colors.banner = 0xff4a3b12U;
    return colors;
}

TerminalColors terminalColorsFor(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightnessF() < 0.5F ? darkTerminalColors() : lightTerminalColors();
}

QRgb TerminalColors::textOn(QRgb ground) const
{
    // The weights of brightness are those of ITU-R BT.601.
    const auto brightness = [](QRgb color) { return 299 * qRed(color) + 587 * qGreen(color) + 114 * qBlue(color); };
    const auto distance = [&](QRgb color) { return std::abs(brightness(color) - brightness(ground)); };
    return distance(foreground) >= distance(background) ? foreground : background;
}

QRgb blended(QRgb under, QRgb over, int share)
{
    const auto mix = [share](int below, int above) { return (below * (256 - share) + above * share) / 256; };
    return qRgb(mix(qRed(under), qRed(over)), mix(qGreen(under), qGreen(over)), mix(qBlue(under), qBlue(over)));
}

} // namespace fb::ui
