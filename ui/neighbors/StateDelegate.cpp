// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/StateDelegate.h"

#include "ui/models/NeighborModel.h"
#include "ui/neighbors/Icons.h"

namespace fb::ui {

using namespace Qt::StringLiterals;

StateDelegate::StateDelegate(QObject* parent)
    : QStyledItemDelegate(parent),
      m_signs{
          Sign{coloredIcon(u"state-fresh"_s, QColor(0x1a, 0x7f, 0x37)),
               coloredIcon(u"state-fresh"_s, QColor(0x4a, 0xc2, 0x6b))},
          Sign{coloredIcon(u"state-stale"_s, QColor(0x9a, 0x67, 0x00)),
               coloredIcon(u"state-stale"_s, QColor(0xe3, 0xb3, 0x41))},
          Sign{coloredIcon(u"state-lost"_s, QColor(0xb4, 0x23, 0x18)),
               coloredIcon(u"state-lost"_s, QColor(0xff, 0x7b, 0x72))},
      }
{
}

void StateDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto freshness = static_cast<overlay::Freshness>(index.data(NeighborModel::FreshnessRole).toInt());
    const bool isDark = option->palette.color(QPalette::Base).lightness() < 128;
    const Sign& sign = m_signs.at(static_cast<std::size_t>(freshness));
    option->icon = isDark ? sign.onDark : sign.onLight;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->decorationSize = QSize(16, 16);
}

} // namespace fb::ui
