// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/StateDelegate.h"

#include "ui/models/NeighborModel.h"

namespace fb::ui {

using namespace Qt::StringLiterals;

StateDelegate::StateDelegate(QObject* parent)
    : QStyledItemDelegate(parent),
      m_signs{
          signOf(u"state-fresh"_s, Tone::Good),
          signOf(u"state-stale"_s, Tone::Warning),
          signOf(u"state-lost"_s, Tone::Bad),
      }
{
}

void StateDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto freshness = static_cast<overlay::Freshness>(index.data(NeighborModel::FreshnessRole).toInt());
    option->icon = m_signs.at(static_cast<std::size_t>(freshness)).on(option->palette);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->decorationSize = QSize(16, 16);
}

} // namespace fb::ui
