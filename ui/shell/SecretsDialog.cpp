// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/SecretsDialog.h"

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/Format.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/ColumnSpreader.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

using Action = agent::SecretChange::Action;

/// Often enough for a countdown.
constexpr std::chrono::seconds kRefreshInterval(1);
/// What the agent allows.
constexpr int kConfirmSecondsMin = 5;
constexpr int kConfirmSecondsMax = 600;
constexpr int kConfirmSeconds = 60;

QPushButton* button(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(u"shell.secrets."_s + name);
    button->setAutoDefault(false);
    return button;
}

} // namespace

SecretsDialog::SecretsDialog(ServiceBridge& agent, QWidget* parent)
    : QDialog(parent),
      m_agent(agent),
      m_tree(new QTreeView(this)),
      m_waiting(new Banner(u"shell.secrets.waiting"_s, this)),
      m_problem(new Banner(u"shell.secrets.problem"_s, this)),
      m_note(new QLabel(this))
{
    build();
    connectParts();
    m_refresh.setInterval(kRefreshInterval);
    showSelection();
}

void SecretsDialog::buildList()
{
    m_tree->setObjectName(u"shell.secrets.list"_s);
    m_tree->setAccessibleName(tr("Lists of secrets"));
    m_tree->setModel(&m_model);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setTabKeyNavigation(false);
    auto* header = m_tree->header();
    header->setSectionsMovable(false);
    const auto widthOf = [this](const QString& text) { return fontMetrics().horizontalAdvance(text); };
    header->resizeSection(static_cast<int>(SecretColumn::Name),
                          widthOf(u"without a secret mmmm"_s) + 2 * m_tree->indentation());
    new ColumnSpreader(*m_tree, *header, static_cast<int>(SecretColumn::Use), widthOf(u"sent and accepted mm"_s));
    m_first = button(u"first"_s, tr("Make &first"), this);
    m_first->setToolTip(tr("Sign with this one"));
    m_remove = button(u"remove"_s, tr("&Remove"), this);
    m_clear = button(u"clear"_s, {}, this);
}

QWidget* SecretsDialog::buildEntry()
{
    auto* entry = new QWidget(this);
    m_secretLabel = new QLabel(entry);
    m_secretLabel->setTextFormat(Qt::PlainText);
    m_secret = new QLineEdit(entry);
    m_secret->setObjectName(u"shell.secrets.secret"_s);
    m_secret->setAccessibleName(tr("Secret to add"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_secret->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_secret->setPlaceholderText(tr("20 random characters or more"));
    m_secretLabel->setBuddy(m_secret);
    m_reveal = new QCheckBox(tr("S&how"), entry);
    m_reveal->setObjectName(u"shell.secrets.reveal"_s);
    m_add = button(u"add"_s, tr("&Add"), entry);
    m_addEmpty = button(u"addEmpty"_s, tr("Accept &without a secret"), entry);
    m_addEmpty->setToolTip(tr("Believe frames that nobody has signed as well: for devices that have no secret yet, "
                              "and for RouterOS"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_secret, 1);
    line->addWidget(m_reveal);
    line->addWidget(m_add);
    line->addWidget(m_addEmpty);
    auto* layout = new QVBoxLayout(entry);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_secretLabel);
    layout->addLayout(line);
    return entry;
}

QWidget* SecretsDialog::buildConfirmation()
{
    auto* confirmation = new QWidget(this);
    m_mustConfirm = new QCheckBox(tr("&Put a change back unless I keep it within"), confirmation);
    m_mustConfirm->setObjectName(u"shell.secrets.mustConfirm"_s);
    m_mustConfirm->setToolTip(tr("So that no device is lost by a secret that the others do not have"));
    m_seconds = new QSpinBox(confirmation);
    m_seconds->setObjectName(u"shell.secrets.seconds"_s);
    m_seconds->setAccessibleName(tr("Seconds to keep a change"));
    m_seconds->setRange(kConfirmSecondsMin, kConfirmSecondsMax);
    m_seconds->setValue(kConfirmSeconds);
    m_seconds->setSuffix(tr(" s"));
    m_seconds->setEnabled(false);
    auto* layout = new QHBoxLayout(confirmation);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_mustConfirm);
    layout->addWidget(m_seconds);
    layout->addStretch(1);
    return confirmation;
}

void SecretsDialog::build()
{
    setObjectName(u"shell.secrets.dialog"_s);
    setWindowTitle(tr("Secrets"));
    auto* text =
        new QLabel(tr("Frames are signed with the first secret of a list and believed with any of it. The list "
                      "shows fingerprints: a secret that was added is never shown again."),
                   this);
    for (QLabel* label : {text, m_note})
        label->setWordWrap(true);
    m_note->setObjectName(u"shell.secrets.note"_s);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    buildList();
    auto* side = new QVBoxLayout;
    for (QPushButton* action : {m_first, m_remove, m_clear})
        side->addWidget(action);
    side->addStretch(1);
    auto* middle = new QHBoxLayout;
    middle->addWidget(m_tree, 1);
    middle->addLayout(side);
    auto* box = new QDialogButtonBox(this);
    QPushButton* close = box->addButton(tr("&Close"), QDialogButtonBox::RejectRole);
    close->setObjectName(u"shell.secrets.close"_s);
    close->setAutoDefault(false);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(m_waiting);
    layout->addWidget(m_problem);
    layout->addLayout(middle, 1);
    layout->addWidget(buildEntry());
    layout->addWidget(buildConfirmation());
    layout->addWidget(m_note);
    layout->addWidget(box);
    resize(fontMetrics().averageCharWidth() * 92, fontMetrics().height() * 28);
}

void SecretsDialog::connectParts()
{
    connect(&m_refresh, &QTimer::timeout, this, &SecretsDialog::refresh);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &SecretsDialog::showSelection);
    connect(&m_model, &QAbstractItemModel::rowsInserted, m_tree, &QTreeView::expandAll);
    connect(m_secret, &QLineEdit::textChanged, this, &SecretsDialog::showSelection);
    connect(m_secret, &QLineEdit::returnPressed, m_add, &QPushButton::click);
    connect(m_reveal, &QCheckBox::toggled, this,
            [this](bool isOn) { m_secret->setEchoMode(isOn ? QLineEdit::Normal : QLineEdit::Password); });
    connect(m_mustConfirm, &QCheckBox::toggled, m_seconds, &QWidget::setEnabled);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_isAdding = true;
        add(Secret(m_secret->text().toStdString()));
    });
    connect(m_addEmpty, &QPushButton::clicked, this, [this] { add(Secret()); });
    const auto withSelected = [this](Action action) {
        if (const auto fingerprint = m_model.fingerprintAt(m_tree->currentIndex()))
            change({.action = action, .interface = interface(), .fingerprints = {*fingerprint}}, confirmWithin());
    };
    connect(m_first, &QPushButton::clicked, this, [withSelected] { withSelected(Action::First); });
    connect(m_remove, &QPushButton::clicked, this, [withSelected] { withSelected(Action::Remove); });
    connect(m_clear, &QPushButton::clicked, this, [this] {
        // Without any secret the node believes everybody: that is never one click away.
        const bool isOpening = interface().empty();
        change({.action = Action::Clear, .interface = interface()},
               isOpening ? std::chrono::seconds(m_seconds->value()) : confirmWithin());
    });
    connect(m_waiting, &Banner::actionChosen, this, [this] { answer(agent::ConfirmSecrets::Keep::Yes); });
    connect(m_waiting, &Banner::otherChosen, this, [this] { answer(agent::ConfirmSecrets::Keep::No); });
    connect(m_problem, &Banner::actionChosen, m_problem, &Banner::hide);
    connect(&m_agent, &ServiceBridge::secretsListed, this, [this](quint64 request, const auto& listed) {
        if (request == m_changeRequest) {
            m_changeRequest = 0;
            apply(listed, Cause::Change);
        } else if (request == m_listRequest) {
            m_listRequest = 0;
            // What was listed before the change that is under way is old news.
            if (m_changeRequest == 0)
                apply(listed, Cause::Refresh);
        }
    });
    connect(&m_agent, &ServiceBridge::commandFailed, this, [this](quint64 request, const Error& error) {
        if (request == 0 || (request != m_listRequest && request != m_changeRequest))
            return;
        m_listRequest = request == m_listRequest ? 0 : m_listRequest;
        m_changeRequest = 0;
        m_isAdding = false;
        say(error);
    });
    connect(&m_agent, &ServiceBridge::lost, this, [this](const Error& error) {
        m_listRequest = m_changeRequest = 0;
        if (isVisible())
            say(error);
    });
}

void SecretsDialog::refresh()
{
    if (m_agent.isOpen() && m_listRequest == 0 && m_changeRequest == 0)
        m_listRequest = m_agent.submit(agent::ListSecrets{});
}

void SecretsDialog::apply(const agent::SecretsListed& listed, Cause cause)
{
    const bool wasPutBack = cause == Cause::Refresh && m_isWaiting && !listed.confirmLeft && listed.scopes != m_scopes;
    m_scopes = listed.scopes;
    std::vector<std::string> ports;
    if (const auto& snapshot = m_agent.snapshot()) {
        for (const auto& port : snapshot->ports)
            ports.push_back(port.interface);
    }
    const std::string list = interface();
    const auto selected = m_model.fingerprintAt(m_tree->currentIndex());
    m_model.apply(listed.scopes, ports);
    // A secret that was made the first stays selected; a list that has lost it is.
    const QModelIndex now = m_model.find(list, selected);
    if (now != m_tree->currentIndex().siblingAtColumn(0))
        m_tree->setCurrentIndex(now);
    showWaiting(listed);
    if (wasPutBack)
        m_problem->say(Banner::Kind::Information,
                       tr("The change was put back: it was not kept in time. The secrets are those from before."),
                       tr("&Dismiss"));
    if (cause == Cause::Change && std::exchange(m_isAdding, false)) {
        wipe();
        if (!listed.hasChanged)
            m_problem->say(Banner::Kind::Information, tr("That secret is in the list already."), tr("&Dismiss"));
    }
    m_note->setText(tr("This agent forgets its secrets when it ends."));
    m_note->setVisible(!listed.isKept);
    showSelection();
}

void SecretsDialog::showWaiting(const agent::SecretsListed& listed)
{
    m_isWaiting = listed.confirmLeft.has_value();
    if (!m_isWaiting) {
        m_waiting->hide();
        return;
    }
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(*listed.confirmLeft);
    m_waiting->say(Banner::Kind::Warning,
                   tr("The change holds, and is put back in %1 unless you keep it. Look at the list of devices first.")
                       .arg(durationText(left + std::chrono::seconds(1))),
                   tr("&Keep"), tr("Put &back"));
}

void SecretsDialog::showSelection()
{
    const QModelIndex current = m_tree->currentIndex();
    const auto fingerprint = m_model.fingerprintAt(current);
    const std::string list = interface();
    const bool mayChange = m_agent.isOpen() && !m_isWaiting;
    m_first->setEnabled(mayChange && fingerprint && current.row() > 0);
    // The last one of a list is not removed: the list is cleared, which says what it does.
    m_remove->setEnabled(mayChange && fingerprint && m_model.rowCount(current.parent()) > 1);
    m_clear->setText(list.empty() ? tr("C&lear the list") : tr("&Like all ports"));
    m_clear->setToolTip(list.empty() ? tr("No secrets any more: everybody is believed")
                                     : tr("No list of its own any more: the one for all ports holds"));
    const QModelIndex top = m_model.find(list, std::nullopt);
    m_clear->setEnabled(mayChange && (list.empty() ? m_model.rowCount(top) > 0 : m_model.hasOwnList(top)));
    m_add->setEnabled(mayChange && !m_secret->text().isEmpty());
    // A list of nothing accepts that already.
    const bool isOpen = list.empty() && m_model.rowCount(top) == 0;
    const bool hasEmpty = m_model.find(list, std::string(agent::kEmptyFingerprint)).parent().isValid();
    m_addEmpty->setEnabled(mayChange && !isOpen && !hasEmpty);
    m_secretLabel->setText(list.empty() ? tr("&Secret to add to the list for all ports:")
                                        : tr("&Secret to add to the list of %1:").arg(fromCore(list)));
}

std::string SecretsDialog::interface() const
{
    return m_model.interfaceAt(m_tree->currentIndex());
}

std::optional<Duration> SecretsDialog::confirmWithin() const
{
    if (!m_mustConfirm->isChecked())
        return std::nullopt;
    return std::chrono::seconds(m_seconds->value());
}

void SecretsDialog::add(Secret secret)
{
    agent::SecretChange adding{.action = Action::Add, .interface = interface()};
    adding.secrets.push_back(std::move(secret));
    change(std::move(adding), confirmWithin());
}

void SecretsDialog::change(agent::SecretChange change, std::optional<Duration> confirmWithin)
{
    m_problem->hide();
    m_changeRequest = m_agent.submit(agent::ChangeSecrets{std::move(change), confirmWithin});
}

void SecretsDialog::answer(agent::ConfirmSecrets::Keep keep)
{
    m_problem->hide();
    m_changeRequest = m_agent.submit(agent::ConfirmSecrets{keep});
}

void SecretsDialog::say(const Error& error)
{
    ErrorText text = errorText(error);
    if (error.code == ErrorCode::NotAllowed)
        text = {tr("An earlier change of the secrets waits for its confirmation."),
                tr("Keep it or put it back first.")};
    m_problem->say(Banner::Kind::Problem, text.joined(), tr("&Dismiss"));
}

void SecretsDialog::wipe()
{
    // Not clear(): that could be undone.
    m_secret->setText({});
    m_reveal->setChecked(false);
}

void SecretsDialog::showEvent(QShowEvent* event)
{
    refresh();
    m_refresh.start();
    m_secret->setFocus();
    QDialog::showEvent(event);
}

void SecretsDialog::hideEvent(QHideEvent* event)
{
    m_refresh.stop();
    m_problem->hide();
    wipe();
    QDialog::hideEvent(event);
}

} // namespace fb::ui
