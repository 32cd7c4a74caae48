// SPDX-License-Identifier: Apache-2.0
// Gives one column of a table what the others leave, but never less than it needs to be read: then the table scrolls.
#pragma once

#include <QObject>

class QAbstractItemView;
class QHeaderView;

namespace fb::ui {

class ColumnSpreader final : public QObject {
    Q_OBJECT

public:
    /// Lives as long as the view.
    ColumnSpreader(QAbstractItemView& view, QHeaderView& header, int column, int widthMin);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void spread();

    QAbstractItemView& m_view;
    QHeaderView& m_header;
    int m_column;
    int m_widthMin;
};

} // namespace fb::ui
