// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/PathPane.h"

#include "ui/neighbors/ColumnSpreader.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kRowPadding = 5; ///< pixels between the lines of text

class RoomyDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, kRowPadding);
    }
};

} // namespace

PathPane::PathPane(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_stack(new QStackedWidget(this)),
      m_text(new QLabel(this)),
      m_tree(new QTreeView(this))
{
    for (QLabel* label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setObjectName(u"neighbors.path.title"_s);
    // A long name wraps; it must never dictate how wide the window is.
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setFrameShape(QFrame::StyledPanel);
    m_text->setBackgroundRole(QPalette::Base);
    m_text->setAutoFillBackground(true);
    m_text->setForegroundRole(QPalette::PlaceholderText);

    m_tree->setObjectName(u"neighbors.path"_s);
    m_tree->setAccessibleName(tr("Paths to the selected device"));
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegate(new RoomyDelegate(m_tree));
    m_tree->setAlternatingRowColors(true);
    m_tree->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tree->setTabKeyNavigation(false);
    auto* header = m_tree->header();
    header->setSectionsMovable(false);
    const auto widthOf = [this](const QString& text) { return fontMetrics().horizontalAdvance(text); };
    header->resizeSection(static_cast<int>(PathColumn::Number),
                          widthOf(u"Alternative 15"_s) + 2 * m_tree->indentation());
    header->resizeSection(static_cast<int>(PathColumn::Out), widthOf(u"Leaves by link 12"_s));
    header->resizeSection(static_cast<int>(PathColumn::In), widthOf(u"L2 MTU 65535 mm"_s));
    header->resizeSection(static_cast<int>(PathColumn::Cost), widthOf(u"Cost 1000"_s));
    header->resizeSection(static_cast<int>(PathColumn::Sum), widthOf(u"Sum 10000"_s));

    new ColumnSpreader(*m_tree, *header, static_cast<int>(PathColumn::Node), widthOf(u"branch-office-gateway"_s));

    m_stack->addWidget(m_text);
    m_stack->addWidget(m_tree);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_stack, 1);
    showNothing();
}

void PathPane::showText(const QString& text)
{
    m_text->setText(text);
    m_stack->setCurrentWidget(m_text);
}

void PathPane::showNothing()
{
    m_device.clear();
    m_title->setText(tr("Path"));
    showText(tr("Select a device to see the way to it."));
}

void PathPane::showPaths(const QString& device, const std::vector<overlay::Path>& paths, const NodeNames& names)
{
    const bool isOther = device != m_device || m_model.rowCount() == 0;
    m_device = device;
    m_model.apply(paths, names);
    if (paths.empty()) {
        m_title->setText(tr("Path to %1").arg(device));
        showText(tr("No path leads to %1 now.").arg(device));
        return;
    }
    const overlay::Path& best = paths.front();
    const auto hops = best.hops.size();
    const QString hopsText = hops == 1 ? tr("1 hop") : tr("%1 hops").arg(hops);
    m_title->setText(tr("Path to %1: cost %2, %3, L2 MTU %4")
                         .arg(device, QString::number(best.cost), hopsText, QString::number(best.l2Mtu)));
    m_stack->setCurrentWidget(m_tree);
    if (isOther) {
        m_tree->collapseAll();
        m_tree->expand(m_model.index(0, 0));
        m_tree->scrollToTop();
    }
}

} // namespace fb::ui
