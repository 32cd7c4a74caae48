// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal/BoxDrawing.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>

namespace fb::ui {
namespace {

enum class Arm { None, Light, Heavy, Double };

struct Arms {
    Arm up = Arm::None;
    Arm right = Arm::None;
    Arm down = Arm::None;
    Arm left = Arm::None;
};

/// U+2500 to U+257F: up, right, down, left; 0 none, 1 light, 2 heavy, 3 double. "----" is drawn otherwise.
constexpr std::array<const char*, 128> kArms{
    "0101", "0202", "1010", "2020", "----", "----", "----", "----", "----", "----", "----", "----", "0110",
    "0210", "0120", "0220", "0011", "0012", "0021", "0022", "1100", "1200", "2100", "2200", "1001", "1002",
    "2001", "2002", "1110", "1210", "2110", "1120", "2120", "2210", "1220", "2220", "1011", "1012", "2011",
    "1021", "2021", "2012", "1022", "2022", "0111", "0112", "0211", "0212", "0121", "0122", "0221", "0222",
    "1101", "1102", "1201", "1202", "2101", "2102", "2201", "2202", "1111", "1112", "1211", "1212", "2111",
    "1121", "2121", "2112", "2211", "1122", "1221", "2212", "1222", "2122", "2221", "2222", "----", "----",
    "----", "----", "0303", "3030", "0310", "0130", "0330", "0013", "0031", "0033", "1300", "3100", "3300",
    "1003", "3001", "3003", "1310", "3130", "3330", "1013", "3031", "3033", "0313", "0131", "0333", "1303",
    "3101", "3303", "1313", "3131", "3333", "----", "----", "----", "----", "----", "----", "----", "0001",
    "1000", "0100", "0010", "0002", "2000", "0200", "0020", "0201", "1020", "0102", "2010"};

/// Where the lines of one cell run, in device pixels. Works along one axis; the other is the same with x and y
/// exchanged.
struct Strokes {
    QPainter& painter;
    QSize cell;
    int light = 1;
    int gap = 1; ///< from the middle to each line of a double one

    [[nodiscard]] int thickness(Arm arm) const { return arm == Arm::Heavy ? 2 * light + (light == 1 ? 1 : 0) : light; }

    /// A horizontal line: centred on y, from x1 to x2 (widened by half a line, to close corners).
    void horizontal(int fromX, int toX, int y, int thick) const
    {
        painter.fillRect(QRect(QPoint(fromX, y - thick / 2), QSize(toX - fromX, thick)), Qt::white);
    }
    void vertical(int fromY, int toY, int x, int thick) const
    {
        painter.fillRect(QRect(QPoint(x - thick / 2, fromY), QSize(thick, toY - fromY)), Qt::white);
    }
};

/// How far beyond the middle (towards the arm if positive) an arm must begin so that it joins the arms across it:
/// `near` is the arm on the side of this line, `far` the one on the other side.
int beginOfDouble(const Strokes& strokes, Arm near, Arm far)
{
    if (near == Arm::Double)
        return strokes.gap;
    return far == Arm::Double ? -strokes.gap : 0;
}

int beginOfSingle(const Strokes& strokes, Arm oneSide, Arm otherSide, Arm opposite)
{
    const bool one = oneSide == Arm::Double;
    const bool other = otherSide == Arm::Double;
    if (one && other)
        return opposite == Arm::None ? strokes.gap : 0;
    return one || other ? -strokes.gap : 0;
}

void drawRight(const Strokes& strokes, const Arms& arms, bool mirrored)
{
    const Arm arm = mirrored ? arms.left : arms.right;
    if (arm == Arm::None)
        return;
    const int middleX = strokes.cell.width() / 2;
    const int middleY = strokes.cell.height() / 2;
    const auto line = [&](int begin, int y, int thick) {
        // Half of the thickest line across belongs to the corner.
        const int cap = std::max(strokes.thickness(arms.up), strokes.thickness(arms.down));
        if (mirrored)
            strokes.horizontal(0, middleX - begin + (cap + 1) / 2, y, thick);
        else
            strokes.horizontal(middleX + begin - cap / 2, strokes.cell.width(), y, thick);
    };
    if (arm != Arm::Double)
        return line(beginOfSingle(strokes, arms.up, arms.down, mirrored ? arms.right : arms.left), middleY,
                    strokes.thickness(arm));
    line(beginOfDouble(strokes, arms.up, arms.down), middleY - strokes.gap, strokes.light);
    line(beginOfDouble(strokes, arms.down, arms.up), middleY + strokes.gap, strokes.light);
}

void drawDown(const Strokes& strokes, const Arms& arms, bool mirrored)
{
    const Arm arm = mirrored ? arms.up : arms.down;
    if (arm == Arm::None)
        return;
    const int middleX = strokes.cell.width() / 2;
    const int middleY = strokes.cell.height() / 2;
    const auto line = [&](int begin, int x, int thick) {
        const int cap = std::max(strokes.thickness(arms.left), strokes.thickness(arms.right));
        if (mirrored)
            strokes.vertical(0, middleY - begin + (cap + 1) / 2, x, thick);
        else
            strokes.vertical(middleY + begin - cap / 2, strokes.cell.height(), x, thick);
    };
    if (arm != Arm::Double)
        return line(beginOfSingle(strokes, arms.left, arms.right, mirrored ? arms.down : arms.up), middleX,
                    strokes.thickness(arm));
    line(beginOfDouble(strokes, arms.left, arms.right), middleX - strokes.gap, strokes.light);
    line(beginOfDouble(strokes, arms.right, arms.left), middleX + strokes.gap, strokes.light);
}

void drawDashes(const Strokes& strokes, char32_t character)
{
    const bool isDouble = character >= 0x254c;
    const int count = isDouble ? 2 : character >= 0x2508 ? 4 : 3;
    const auto kind = (character - (isDouble ? 0x254c : character >= 0x2508 ? 0x2508 : 0x2504)) % 4;
    const int thick = strokes.thickness(kind % 2 == 1 ? Arm::Heavy : Arm::Light);
    const bool isVertical = kind >= 2;
    const int length = isVertical ? strokes.cell.height() : strokes.cell.width();
    for (int dash = 0; dash < count; ++dash) {
        const int from = length * dash / count;
        const int to = std::max(from + 1, length * (dash + 1) / count - std::max(1, length / (count * 3)));
        if (isVertical)
            strokes.vertical(from, to, strokes.cell.width() / 2, thick);
        else
            strokes.horizontal(from, to, strokes.cell.height() / 2, thick);
    }
}

void drawCurved(const Strokes& strokes, char32_t character)
{
    const qreal width = strokes.cell.width();
    const qreal height = strokes.cell.height();
    strokes.painter.setRenderHint(QPainter::Antialiasing);
    strokes.painter.setPen(QPen(Qt::white, strokes.light, Qt::SolidLine, Qt::FlatCap));
    strokes.painter.setBrush(Qt::NoBrush);
    if (character >= 0x2571) { // diagonals
        if (character != 0x2572)
            strokes.painter.drawLine(QPointF(0, height), QPointF(width, 0));
        if (character != 0x2571)
            strokes.painter.drawLine(QPointF(0, 0), QPointF(width, height));
        return;
    }
    const bool goesRight = character == 0x256d || character == 0x2570;
    const bool goesDown = character <= 0x256e;
    // On the same pixels as the straight lines that it joins.
    const qreal shift = strokes.light % 2 == 1 ? 0.5 : 0.0;
    const QPointF middle(strokes.cell.width() / 2 + shift, strokes.cell.height() / 2 + shift);
    const qreal radius = std::min(middle.x(), middle.y());
    const qreal alongX = goesRight ? radius : -radius;
    const qreal alongY = goesDown ? radius : -radius;
    QPainterPath path(QPointF(middle.x(), goesDown ? height : 0));
    path.lineTo(middle.x(), middle.y() + alongY);
    path.quadTo(middle, QPointF(middle.x() + alongX, middle.y()));
    path.lineTo(goesRight ? width : 0, middle.y());
    strokes.painter.drawPath(path);
}

void drawBlock(QPainter& painter, QSize cell, char32_t character)
{
    const int width = cell.width();
    const int height = cell.height();
    const auto fill = [&painter](int x, int y, int toX, int toY) {
        painter.fillRect(QRect(QPoint(x, y), QSize(toX - x, toY - y)), Qt::white);
    };
    const auto eighths = static_cast<int>(character - 0x2580);
    if (character == 0x2580)
        return fill(0, 0, width, height / 2);
    if (character <= 0x2588)
        return fill(0, height - height * eighths / 8, width, height);
    if (character <= 0x258f)
        return fill(0, 0, std::max(1, width * (16 - eighths) / 8), height);
    if (character == 0x2590)
        return fill(width / 2, 0, width, height);
    if (character <= 0x2593)
        return painter.fillRect(QRect(QPoint(0, 0), cell),
                                QColor(255, 255, 255, 64 * static_cast<int>(character - 0x2590)));
    if (character == 0x2594)
        return fill(0, 0, width, std::max(1, height / 8));
    if (character == 0x2595)
        return fill(width - std::max(1, width / 8), 0, width, height);
    // Quadrants: upper left 1, upper right 2, lower left 4, lower right 8.
    constexpr std::array<int, 10> kQuadrants{4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
    const int quadrants = kQuadrants[character - 0x2596];
    for (int quadrant = 0; quadrant < 4; ++quadrant) {
        if ((quadrants & (1 << quadrant)) != 0)
            fill(quadrant % 2 * (width / 2), quadrant / 2 * (height / 2), quadrant % 2 != 0 ? width : width / 2,
                 quadrant / 2 != 0 ? height : height / 2);
    }
}

} // namespace

int thinLine(int cellHeight)
{
    return std::max(1, (cellHeight + 8) / 18);
}

void drawBox(QPainter& painter, QSize cell, char32_t character)
{
    if (character >= 0x2580)
        return drawBlock(painter, cell, character);
    const int light = thinLine(cell.height());
    const Strokes strokes{painter, cell, light, light + std::max(1, light / 2)};
    if (character >= 0x256d && character <= 0x2573)
        return drawCurved(strokes, character);
    const char* text = kArms[character - 0x2500];
    if (text[0] == '-')
        return drawDashes(strokes, character);
    const auto arm = [text](int index) { return static_cast<Arm>(text[index] - '0'); };
    const Arms arms{arm(0), arm(1), arm(2), arm(3)};
    drawRight(strokes, arms, false);
    drawRight(strokes, arms, true);
    drawDown(strokes, arms, false);
    drawDown(strokes, arms, true);
}

} // namespace fb::ui
