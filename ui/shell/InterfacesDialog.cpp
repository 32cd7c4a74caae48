// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/InterfacesDialog.h"

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/Format.h"
#include "ui/neighbors/ColumnSpreader.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kRefreshInterval(2);
constexpr auto kRemembered = "agent/interfaces"_L1;

/// The style draws the outline of a box in a shade of the window's color, which in the dark is that of the list.
class VisibleBoxes final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->palette.setColor(QPalette::Window, option->palette.color(QPalette::PlaceholderText));
    }
};

} // namespace

InterfacesDialog::InterfacesDialog(ServiceBridge& agent, QSettings& settings, QWidget* parent)
    : QDialog(parent), m_agent(agent), m_settings(settings), m_table(new QTableView(this)), m_problem(new QLabel(this))
{
    build();
    connectParts();
    m_refresh.setInterval(kRefreshInterval);
}

void InterfacesDialog::build()
{
    setObjectName(u"shell.interfaces.dialog"_s);
    setWindowTitle(tr("Interfaces"));
    auto* text =
        new QLabel(tr("Tick the interfaces that may take part in RoMON. Footbridge sends nothing on the others, "
                      "and it changes no address and no setting on any."),
                   this);
    text->setWordWrap(true);
    m_problem->setObjectName(u"shell.interfaces.problem"_s);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();

    m_table->setObjectName(u"shell.interfaces.table"_s);
    m_table->setAccessibleName(tr("Interfaces of the agent's computer"));
    m_table->setModel(&m_model);
    m_table->setItemDelegateForColumn(static_cast<int>(InterfaceColumn::Name), new VisibleBoxes(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    auto* header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const auto widthOf = [this](const QString& sample) { return fontMetrics().horizontalAdvance(sample) + 20; };
    header->resizeSection(static_cast<int>(InterfaceColumn::Name), widthOf(u"[x] enx00e04c680001"_s));
    header->resizeSection(static_cast<int>(InterfaceColumn::Address), widthOf(u"dd:dd:dd:dd:dd:dd"_s));
    header->resizeSection(static_cast<int>(InterfaceColumn::Cost), widthOf(u"10000"_s));

    new ColumnSpreader(*m_table, *header, static_cast<int>(InterfaceColumn::State), widthOf(u"up, member of br0"_s));

    auto* box = new QDialogButtonBox(this);
    QPushButton* close = box->addButton(tr("&Close"), QDialogButtonBox::RejectRole);
    close->setObjectName(u"shell.interfaces.close"_s);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_problem);
    layout->addWidget(box);
    resize(fontMetrics().averageCharWidth() * 84, fontMetrics().height() * 20);
}

void InterfacesDialog::connectParts()
{
    connect(&m_refresh, &QTimer::timeout, this, [this] { m_agent.submit(agent::ListInterfaces{}); });
    connect(&m_model, &InterfaceModel::portRequested, this, &InterfacesDialog::request);
    connect(&m_agent, &ServiceBridge::opened, this, [this] { m_remembersPending = true; });
    connect(&m_agent, &ServiceBridge::interfacesListed, this, [this](const auto& interfaces) {
        m_model.apply(interfaces);
        rememberedPortsWanted(interfaces);
    });
    connect(&m_agent, &ServiceBridge::commandDone, this, [this](quint64 request) {
        if (request != 0 && request == m_request)
            m_agent.submit(agent::ListInterfaces{});
    });
    connect(&m_agent, &ServiceBridge::commandFailed, this, [this](quint64 request, const Error& error) {
        if (request == 0 || request != m_request)
            return;
        m_problem->setText(errorText(error).joined());
        m_problem->show();
        m_agent.submit(agent::ListInterfaces{});
    });
}

void InterfacesDialog::request(const agent::SetPort& command)
{
    m_problem->hide();
    m_request = m_agent.submit(command);
    if (m_agent.place() != AgentPlace::InProcess)
        return;
    QStringList remembered = m_settings.value(kRemembered).toStringList();
    const QString name = fromCore(command.interface);
    remembered.removeAll(name);
    if (command.use == agent::SetPort::Use::Yes)
        remembered << name;
    m_settings.setValue(kRemembered, remembered);
}

void InterfacesDialog::rememberedPortsWanted(const std::vector<agent::InterfaceState>& interfaces)
{
    if (!std::exchange(m_remembersPending, false) || m_agent.place() != AgentPlace::InProcess)
        return;
    const QStringList remembered = m_settings.value(kRemembered).toStringList();
    for (const agent::InterfaceState& interface : interfaces) {
        if (!interface.isPort && remembered.contains(fromCore(interface.name)))
            m_request = m_agent.submit(agent::SetPort{.interface = interface.name, .cost = interface.cost});
    }
}

void InterfacesDialog::showEvent(QShowEvent* event)
{
    m_agent.submit(agent::ListInterfaces{});
    m_refresh.start();
    QDialog::showEvent(event);
}

void InterfacesDialog::hideEvent(QHideEvent* event)
{
    m_refresh.stop();
    QDialog::hideEvent(event);
}

} // namespace fb::ui
