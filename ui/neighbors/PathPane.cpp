// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/PathPane.h"

#include "ui/bridge/PathWords.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/ColumnSpreader.h"
#include "ui/neighbors/ElidedLabel.h"
#include "ui/neighbors/Icons.h"
#include "ui/neighbors/PathActions.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

#include <array>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kRowPadding = 5; ///< pixels between the lines of text

/// Roomy lines; the state of a path has a sign of its own shape beside its words.
class PathDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, kRowPadding);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto mark = static_cast<PathMark>(index.data(PathModel::MarkRole).toInt());
        if (index.column() != static_cast<int>(PathColumn::State) || mark == PathMark::None)
            return;
        option->icon = m_signs.at(static_cast<std::size_t>(mark)).on(option->palette);
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = QSize(16, 16);
    }

private:
    const std::array<Sign, static_cast<std::size_t>(PathMark::Count)> m_signs{
        Sign{},
        signOf(u"state-fresh"_s, Tone::Good),
        signOf(u"waiting"_s, Tone::Quiet),
        signOf(u"warning"_s, Tone::Warning),
        signOf(u"state-lost"_s, Tone::Bad),
    };
};

} // namespace

PathPane::PathPane(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_stack(new QStackedWidget(this)),
      m_text(new QLabel(this)),
      m_tree(new QTreeView(this)),
      m_rules(new ElidedLabel(this)),
      m_refusal(new Banner(u"neighbors.path"_s, this)),
      m_actions(new PathActions(this))
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
    m_rules->setObjectName(u"neighbors.path.rules"_s);
    buildTree();

    m_stack->addWidget(m_text);
    m_stack->addWidget(m_tree);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_refusal);
    layout->addWidget(m_rules);
    layout->addWidget(m_actions);
    connectParts();
    showNothing();
}

void PathPane::buildTree()
{
    m_tree->setObjectName(u"neighbors.path"_s);
    m_tree->setAccessibleName(tr("Paths to the selected device"));
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegate(new PathDelegate(m_tree));
    m_tree->setAlternatingRowColors(true);
    m_tree->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_tree->setTabKeyNavigation(false);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    auto* header = m_tree->header();
    header->setSectionsMovable(false);
    const auto resize = [&](PathColumn column, const QString& text, int more = 0) {
        header->resizeSection(static_cast<int>(column), fontMetrics().horizontalAdvance(text) + more);
    };
    resize(PathColumn::Number, u"Alternative 15"_s, 2 * m_tree->indentation());
    resize(PathColumn::State, u"mm in use, lossy, pinned"_s);
    resize(PathColumn::Rtt, u"999 ms mm"_s);
    resize(PathColumn::Loss, u"99.9 % m"_s);
    resize(PathColumn::Cost, u"Cost 1000"_s);
    resize(PathColumn::Sum, u"Sum 10000"_s);
    resize(PathColumn::Out, u"Leaves by link 12"_s);
    resize(PathColumn::In, u"L2 MTU 65535 mm"_s);
    new ColumnSpreader(*m_tree, *header, static_cast<int>(PathColumn::Node),
                       fontMetrics().horizontalAdvance(u"branch-office-gateway"_s));
}

void PathPane::connectParts()
{
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &PathPane::showSelection);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, [this](const QPoint& position) {
        if (m_tree->currentIndex().isValid())
            m_actions->popUp(m_tree->viewport()->mapToGlobal(position));
    });
    connect(m_refusal, &Banner::actionChosen, m_refusal, &Banner::hide);
    connect(m_actions, &PathActions::wished, this, [this](const PathWish& wish) {
        m_refusal->hide();
        Q_EMIT wished(wish);
    });
}

void PathPane::showText(const QString& text)
{
    m_text->setText(text);
    m_stack->setCurrentWidget(m_text);
}

void PathPane::showNothing()
{
    m_device.clear();
    m_id = {};
    m_model.apply({}, {});
    m_title->setText(tr("Path"));
    m_rules->hide();
    m_refusal->hide();
    m_actions->hide();
    showText(tr("Select a device to see the way to it."));
}

void PathPane::showWays(const QString& device, const DeviceWays& ways, const NodeNames& names)
{
    const bool isOther = ways.device != m_id || m_model.rowCount() == 0;
    if (ways.device != m_id)
        m_refusal->hide();
    m_device = device;
    m_id = ways.device;
    m_names = names;
    const auto* selected = m_model.pathAt(m_tree->currentIndex());
    const auto ports = selected != nullptr ? overlay::pinOf(*selected) : std::vector<overlay::PortName>{};
    const int hop = m_model.hopAt(m_tree->currentIndex()) ? m_tree->currentIndex().row() : -1;
    std::vector<PathRow> rows;
    for (std::size_t at = 0; at < ways.paths.size(); ++at)
        rows.push_back({ways.paths[at], ways.reports[at], pinText(ways, ways.paths[at])});
    m_model.apply(std::move(rows), names);
    m_actions->offerScopes(ways);
    m_actions->show();
    m_rules->setText(rulesText(ways, names));
    m_rules->setVisible(!m_rules->text().isEmpty());
    showTitle(ways);
    if (ways.paths.empty()) {
        showText(tr("No path leads to %1 now.").arg(device));
    } else if (isOther) {
        m_stack->setCurrentWidget(m_tree);
        m_tree->collapseAll();
        m_tree->expand(m_model.index(0, 0));
        m_tree->setCurrentIndex(m_model.index(0, 0));
        m_tree->scrollToTop();
    } else {
        selectAgain(ports, hop);
    }
    showSelection();
}

void PathPane::showTitle(const DeviceWays& ways)
{
    if (ways.paths.empty()) {
        m_title->setText(tr("Path to %1").arg(m_device));
        return;
    }
    const overlay::Path& best = ways.paths.front();
    const auto hops = best.hops.size();
    const QString hopsText = hops == 1 ? tr("1 hop") : tr("%1 hops").arg(hops);
    m_title->setText(tr("Path to %1: cost %2, %3, L2 MTU %4")
                         .arg(m_device, QString::number(best.cost), hopsText, QString::number(best.l2Mtu)));
}

void PathPane::selectAgain(const std::vector<overlay::PortName>& ports, int hop)
{
    // Paths change places: the one that the user has chosen stays chosen, never the one that took its row.
    const auto* now = m_model.pathAt(m_tree->currentIndex());
    if (ports.empty() || (now != nullptr && overlay::pinOf(*now) == ports))
        return;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex top = m_model.index(row, 0);
        if (overlay::pinOf(*m_model.pathAt(top)) != ports)
            continue;
        m_tree->setCurrentIndex(hop < 0 ? top : m_model.index(hop, 0, top));
        return;
    }
    m_tree->setCurrentIndex({});
}

void PathPane::showSelection()
{
    const QModelIndex current = m_tree->currentIndex();
    m_actions->select(m_model.pathAt(current), m_model.hopAt(current), m_names);
}

void PathPane::showRefusal(const ErrorText& text)
{
    m_refusal->say(Banner::Kind::Problem, text.joined(), tr("&Dismiss"));
}

} // namespace fb::ui
