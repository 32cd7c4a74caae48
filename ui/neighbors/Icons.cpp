// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/Icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

// Outside every namespace, as Qt demands.
static void registerIcons()
{
    Q_INIT_RESOURCE(footbridge);
}

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

class SvgEngine final : public QIconEngine {
public:
    SvgEngine(QString name, QByteArray drawing, QColor color)
        : m_name(std::move(name)), m_drawing(std::move(drawing)), m_color(std::move(color))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const QColor color = colorFor(mode);
        const qreal ratio = painter->device()->devicePixelRatioF();
        const QString key =
            u"fb-%1-%2-%3-%4"_s.arg(m_name, color.name()).arg(qRound(rect.width() * ratio)).arg(static_cast<int>(mode));
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = render(rect.size() * ratio, color);
            QPixmapCache::insert(key, drawn);
        }
        painter->save();
        if (mode == QIcon::Disabled)
            painter->setOpacity(painter->opacity() * 0.6);
        painter->drawPixmap(rect, drawn);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new SvgEngine(*this); }

private:
    [[nodiscard]] QPixmap render(const QSize& size, const QColor& color) const
    {
        QByteArray drawing = m_drawing;
        drawing.replace("currentColor", color.name().toLatin1());
        QSvgRenderer renderer(drawing);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(QPointF(), QSizeF(size)));
        return pixmap;
    }

    [[nodiscard]] QColor colorFor(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled:
            return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected:
            return palette.color(QPalette::Active, QPalette::HighlightedText);
        case QIcon::Normal:
        case QIcon::Active:
            break;
        }
        return m_color.isValid() ? m_color : palette.color(QPalette::Active, QPalette::WindowText);
    }

    QString m_name;
    QByteArray m_drawing;
    QColor m_color;
};

} // namespace

QIcon icon(const QString& name)
{
    return coloredIcon(name, {});
}

QIcon coloredIcon(const QString& name, const QColor& color)
{
    registerIcons();
    QFile file(u":/icons/%1.svg"_s.arg(name));
    return file.open(QIODevice::ReadOnly) ? QIcon(new SvgEngine(name, file.readAll(), color)) : QIcon();
}

const QIcon& Sign::on(const QPalette& palette) const
{
    return palette.color(QPalette::Base).lightness() < 128 ? onDark : onLight;
}

Sign signOf(const QString& name, Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return {coloredIcon(name, QColor(0x1a, 0x7f, 0x37)), coloredIcon(name, QColor(0x4a, 0xc2, 0x6b))};
    case Tone::Quiet:
        return {coloredIcon(name, QColor(0x6a, 0x73, 0x7d)), coloredIcon(name, QColor(0x8b, 0x94, 0x9e))};
    case Tone::Warning:
        return {coloredIcon(name, QColor(0x9a, 0x67, 0x00)), coloredIcon(name, QColor(0xe3, 0xb3, 0x41))};
    case Tone::Bad:
        return {coloredIcon(name, QColor(0xb4, 0x23, 0x18)), coloredIcon(name, QColor(0xff, 0x7b, 0x72))};
    }
    return {};
}

QIcon applicationIcon()
{
    return icon(u"footbridge"_s);
}

} // namespace fb::ui
