// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/NeighborView.h"

#include "ui/bridge/Format.h"
#include "ui/neighbors/ColumnSpreader.h"
#include "ui/neighbors/EmptyState.h"
#include "ui/neighbors/Icons.h"
#include "ui/neighbors/StateDelegate.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kFilterDelay(150);

/// Wide enough for what usually stands in a column; the path takes what is left.
QString widestText(NeighborColumn column)
{
    switch (column) {
    case NeighborColumn::State:
        return u"mm Stale"_s;
    case NeighborColumn::Identity:
        return u"branch-office-gateway"_s;
    case NeighborColumn::Address:
        return u"48:a9:8a:dd:dd:dd"_s;
    case NeighborColumn::Cost:
        return u"no path"_s;
    case NeighborColumn::Hops:
        return u"Hops ▾"_s;
    case NeighborColumn::Path:
        return u"branch-office-gateway"_s;
    case NeighborColumn::L2Mtu:
        return u"L2 MTU ▾"_s;
    case NeighborColumn::Version:
        return u"Version ▾"_s;
    case NeighborColumn::Board:
        return u"Footbridge x86_64"_s;
    case NeighborColumn::Uptime:
        return u"30w6d23:59:59"_s;
    case NeighborColumn::Count:
        break;
    }
    return {};
}

} // namespace

NeighborView::NeighborView(QWidget* parent)
    : QWidget(parent),
      m_filter(new QLineEdit(this)),
      m_count(new QLabel(this)),
      m_stack(new QStackedWidget(this)),
      m_table(new QTableView(this)),
      m_empty(new EmptyState(this))
{
    build();
    connectParts();
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(kFilterDelay);
    updateEmptiness();
}

void NeighborView::build()
{
    m_filter->setObjectName(u"neighbors.filter"_s);
    m_filter->setAccessibleName(tr("Filter the devices"));
    m_filter->setPlaceholderText(tr("Type to filter by name, id, version, board or state"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon(u"search"_s), QLineEdit::LeadingPosition);
    m_filter->installEventFilter(this);

    m_table->setObjectName(u"neighbors.table"_s);
    m_table->setAccessibleName(tr("Devices"));
    m_table->setModel(&m_filtered);
    m_table->setItemDelegateForColumn(static_cast<int>(NeighborColumn::State), new StateDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setTabKeyNavigation(false);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(static_cast<int>(NeighborColumn::Cost), Qt::AscendingOrder);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 9);
    m_table->installEventFilter(this);
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(fontMetrics().horizontalAdvance(u"Hops ▾"_s) + 12);
    for (int column = 0; column < m_filtered.columnCount(); ++column) {
        const QString text = widestText(static_cast<NeighborColumn>(column));
        header->resizeSection(column, fontMetrics().horizontalAdvance(text) + 18);
    }
    new ColumnSpreader(*m_table, *header, static_cast<int>(NeighborColumn::Path),
                       fontMetrics().horizontalAdvance(widestText(NeighborColumn::Path)));

    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);

    auto* top = new QHBoxLayout;
    top->addWidget(m_filter, 1);
    top->addWidget(m_count);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_stack, 1);
}

void NeighborView::connectParts()
{
    connect(m_filter, &QLineEdit::textChanged, &m_filterDelay, qOverload<>(&QTimer::start));
    connect(&m_filterDelay, &QTimer::timeout, this, &NeighborView::applyFilter);
    connect(m_table, &QTableView::doubleClicked, this, &NeighborView::activateCurrent);
    connect(m_table, &QTableView::customContextMenuRequested, this, &NeighborView::showMenu);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { Q_EMIT selectionChanged(); });
    connect(m_empty, &EmptyState::remedyChosen, this, [this](Emptiness reason) {
        if (reason == Emptiness::FilteredOut) {
            m_filter->clear();
            applyFilter();
            m_filter->setFocus();
        }
        Q_EMIT remedyChosen(reason);
    });
}

void NeighborView::apply(const SnapshotPointer& snapshot)
{
    m_agentAnswers = true;
    m_snapshot = snapshot;
    m_model.apply(snapshot);
    updateEmptiness();
}

void NeighborView::showAgentLost(const QString& reason)
{
    m_agentAnswers = false;
    m_agentProblem = reason;
    updateEmptiness();
}

std::optional<romon::RomonId> NeighborView::selected() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return std::nullopt;
    return m_model.rowAt(m_filtered.mapToSource(rows.first()).row()).id;
}

void NeighborView::select(const romon::RomonId& id)
{
    const auto row = m_model.rowOf(id);
    if (row)
        m_table->setCurrentIndex(m_filtered.mapFromSource(m_model.index(*row, 0)));
}

void NeighborView::takeTypingOf(QWidget* widget)
{
    widget->installEventFilter(this);
}

QByteArray NeighborView::headerState() const
{
    return m_table->horizontalHeader()->saveState();
}

void NeighborView::restoreHeader(const QByteArray& state)
{
    m_table->horizontalHeader()->restoreState(state);
}

void NeighborView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void NeighborView::applyFilter()
{
    m_filterDelay.stop();
    m_filtered.setFilterText(m_filter->text());
    updateEmptiness();
}

void NeighborView::updateEmptiness()
{
    const int devices = m_model.rowCount();
    const int shown = m_filtered.rowCount();
    m_emptiness = emptinessOf({.agentAnswers = m_agentAnswers,
                               .ports = m_snapshot ? static_cast<int>(m_snapshot->ports.size()) : 0,
                               .devices = devices,
                               .shown = shown});
    QString detail;
    if (m_emptiness == Emptiness::NoAgent)
        detail = m_agentProblem;
    if (m_emptiness == Emptiness::NothingHeard) {
        QStringList names;
        for (const auto& port : m_snapshot->ports)
            names << fromCore(port.interface);
        detail = tr("Asking on %1 (round %2).").arg(names.join(u", "_s), QString::number(m_snapshot->roundsAsked));
    }
    if (m_emptiness != Emptiness::None)
        m_empty->explain(m_emptiness, detail);
    m_stack->setCurrentIndex(m_emptiness == Emptiness::None ? 0 : 1);
    const QString all = devices == 1 ? tr("1 device") : tr("%1 devices").arg(devices);
    m_count->setText(m_filtered.isFiltering() ? tr("%1 of %2").arg(shown).arg(all) : all);
}

void NeighborView::activateCurrent()
{
    applyFilter();
    if (!selected() && m_filtered.rowCount() > 0)
        m_table->selectRow(0);
    if (const auto id = selected())
        Q_EMIT activated(*id);
}

void NeighborView::showMenu(const QPoint& position)
{
    const auto id = selected();
    if (!id)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(icon(u"connect"_s), tr("&Connect via RoMON"), this, &NeighborView::activateCurrent);
    menu->addAction(tr("Copy &RoMON id"), this, [id] { QGuiApplication::clipboard()->setText(idText(*id)); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

void NeighborView::moveToTable()
{
    applyFilter();
    if (m_filtered.rowCount() == 0)
        return;
    if (!selected())
        m_table->selectRow(0);
    m_table->setFocus(Qt::OtherFocusReason);
}

bool NeighborView::handleFilterKey(int key)
{
    switch (key) {
    case Qt::Key_Escape:
        m_filter->clear();
        applyFilter();
        return true;
    case Qt::Key_Down:
        moveToTable();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        activateCurrent();
        return true;
    default:
        return false;
    }
}

bool NeighborView::handleListKey(const QKeyEvent& key)
{
    if (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter || key.key() == Qt::Key_Escape)
        return handleFilterKey(key.key());
    if (key.key() == Qt::Key_Backspace) {
        m_filter->setFocus();
        m_filter->backspace();
        return true;
    }
    const QString text = key.text();
    const bool isCommand = key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
    if (isCommand || text.isEmpty() || !text.at(0).isPrint() || text.at(0).isSpace())
        return false;
    m_filter->setFocus();
    m_filter->insert(text);
    return true;
}

bool NeighborView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto& key = static_cast<const QKeyEvent&>(*event);
        if (watched == m_filter ? handleFilterKey(key.key()) : handleListKey(key))
            return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace fb::ui
