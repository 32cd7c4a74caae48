// SPDX-License-Identifier: Apache-2.0
// The colours a terminal paints with: 256 palette entries and the defaults, as opaque QRgb. Values only.
#pragma once

#include "core/terminal/Cell.h"

#include <QPalette>
#include <QRgb>

#include <array>

namespace fb::ui {

struct TerminalColors {
    std::array<QRgb, 256> palette{}; ///< 0-15 of the scheme, then xterm's cube and greys
    QRgb foreground = 0;
    QRgb background = 0;
    QRgb cursor = 0;
    QRgb selection = 0; ///< background of marked text
    QRgb banner = 0;    ///< background of the line that says why input has stopped

    [[nodiscard]] QRgb foregroundOf(terminal::Color color) const { return of(color, foreground); }
    [[nodiscard]] QRgb backgroundOf(terminal::Color color) const { return of(color, background); }

    /// The default colour of text on a coloured ground: the foreground or the background, whichever stands out more.
    [[nodiscard]] QRgb textOn(QRgb ground) const;

    friend bool operator==(const TerminalColors&, const TerminalColors&) = default;

private:
    [[nodiscard]] QRgb of(terminal::Color color, QRgb byDefault) const
    {
        if (color.isIndexed())
            return palette[color.index()];
        return color.isRgb() ? 0xff000000U | color.rgbValue() : byDefault;
    }
};

[[nodiscard]] TerminalColors lightTerminalColors();
[[nodiscard]] TerminalColors darkTerminalColors();
/// The scheme that goes with a window of these colours.
[[nodiscard]] TerminalColors terminalColorsFor(const QPalette& palette);

/// `share` of 0 to 256 parts `over`, the rest `under`; opaque.
[[nodiscard]] QRgb blended(QRgb under, QRgb over, int share);

} // namespace fb::ui
