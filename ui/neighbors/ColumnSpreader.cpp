// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/ColumnSpreader.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QHeaderView>

namespace fb::ui {

ColumnSpreader::ColumnSpreader(QAbstractItemView& view, QHeaderView& header, int column, int widthMin)
    : QObject(&view), m_view(view), m_header(header), m_column(column), m_widthMin(widthMin)
{
    header.setStretchLastSection(false);
    view.viewport()->installEventFilter(this);
    connect(&header, &QHeaderView::sectionResized, this, [this](int section) {
        if (section != m_column)
            spread();
    });
}

bool ColumnSpreader::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        spread();
    return QObject::eventFilter(watched, event);
}

void ColumnSpreader::spread()
{
    const int others = m_header.length() - m_header.sectionSize(m_column);
    m_header.resizeSection(m_column, std::max(m_widthMin, m_view.viewport()->width() - others));
}

} // namespace fb::ui
