# SPDX-License-Identifier: Apache-2.0
"""Bars as SVG, readable on light and dark pages: no background, text and lines follow the reader's colour scheme, every bar
carries its number, and bars of a group stand in the order of the legend, so that colour is never the only sign."""
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 760, 190, 74
BAR, GAP, GROUP_GAP = 13, 2, 10
TOP = 62
COLORS = ("#2f7ed8", "#d9730d", "#3f9a4f", "#9a62c4")
STYLE = """
    text { font: 12px 'DejaVu Sans', Verdana, sans-serif; fill: #333 }
    .title { font-weight: bold; font-size: 14px }
    .grid { stroke: #888; stroke-opacity: 0.5 }
    @media (prefers-color-scheme: dark) { text { fill: #ddd } }
"""


def number(value):
    """Three digits that matter, and no exponent."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(digits, 0)}f}" if digits <= 5 else f"{value:.2g}"


class Scale:
    """From values to places on the horizontal axis; a logarithmic one begins at a power of ten."""

    def __init__(self, values, logarithmic):
        values = [value for value in values if value > 0] or [1]
        self.logarithmic = logarithmic
        if logarithmic:
            self.low = math.floor(math.log10(min(values)) - 0.05)
            self.high = max(math.log10(max(values)), self.low + 1)
            self.ticks = [10.0 ** power for power in range(self.low, math.floor(self.high) + 1)]
        else:
            self.low, self.high = 0, max(values)
            step = 10 ** math.floor(math.log10(self.high))
            step = next(step * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2) if self.high / (step * part) <= 6)
            self.ticks = [step * count for count in range(int(self.high / step) + 1)]

    def place(self, value):
        if self.logarithmic:
            share = (math.log10(value) - self.low) / (self.high - self.low) if value > 0 else 0
        else:
            share = value / self.high
        return LEFT + max(share, 0) * (WIDTH - LEFT - RIGHT)


def legend(series):
    parts, at = [], LEFT
    for index, name in enumerate(series):
        parts.append(f'<rect x="{at}" y="32" width="11" height="11" rx="2" fill="{COLORS[index]}"/>')
        parts.append(f'<text x="{at + 16}" y="42">{escape(name)}</text>')
        at += 32 + 7 * len(name)
    return parts


def bars(title, unit, series, groups, logarithmic=False):
    """`groups`: (label, values in the order of `series`); a value may be None."""
    scale = Scale([value for _, values in groups for value in values if value is not None], logarithmic)
    group_height = len(series) * (BAR + GAP) + GROUP_GAP
    bottom = TOP + len(groups) * group_height
    parts = [f'<text class="title" x="8" y="20">{escape(title)}, {escape(unit)}</text>', *legend(series)]
    for tick in scale.ticks:
        place = f"{scale.place(tick):.1f}"
        parts.append(f'<line class="grid" x1="{place}" y1="{TOP - 8}" x2="{place}" y2="{bottom}"/>')
        parts.append(f'<text x="{place}" y="{bottom + 16}" text-anchor="middle">{tick:,g}</text>')
    for row, (label, values) in enumerate(groups):
        top = TOP + row * group_height
        middle = top + (group_height - GROUP_GAP) / 2 + 4
        parts.append(f'<text x="{LEFT - 8}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>')
        for index, value in enumerate(values):
            if value is None:
                continue
            y, end = top + index * (BAR + GAP), scale.place(value)
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(end - LEFT, 1):.1f}" height="{BAR}" rx="2" '
                         f'fill="{COLORS[index]}"/>')
            parts.append(f'<text x="{max(end, LEFT + 1) + 5:.1f}" y="{y + 11}">{number(value)}</text>')
    height = bottom + 26
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n")
