// SPDX-License-Identifier: Apache-2.0
// Draws a node's state: a sign whose shape differs for each state, its colour, and the word.
#pragma once

#include "ui/neighbors/Icons.h"

#include <QStyledItemDelegate>

#include <array>

namespace fb::ui {

class StateDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit StateDelegate(QObject* parent = nullptr);

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    std::array<Sign, 3> m_signs; ///< by overlay::Freshness
};

} // namespace fb::ui
