// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/ConnectionProgress.h"

#include "ui/bridge/Format.h"
#include "ui/neighbors/Icons.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kClockInterval(100);
constexpr auto kStages = static_cast<std::size_t>(ConnectStage::Count);

} // namespace

ConnectionProgress::ConnectionProgress(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_advice(new QLabel(this)),
      m_cancel(new QPushButton(icon(u"cancel"_s), tr("&Cancel"), this)),
      m_retry(new QPushButton(icon(u"reconnect"_s), tr("Try &again"), this))
{
    build();
    m_clock.setInterval(kClockInterval);
    connect(&m_clock, &QTimer::timeout, this, &ConnectionProgress::showTimes);
    connect(m_cancel, &QPushButton::clicked, this, &ConnectionProgress::cancelRequested);
    connect(m_retry, &QPushButton::clicked, this, &ConnectionProgress::retryRequested);
}

void ConnectionProgress::build()
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.3);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setObjectName(u"shell.progress.title"_s);
    m_advice->setObjectName(u"shell.progress.advice"_s);
    for (QLabel* label : {m_title, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignCenter);
    }
    m_cancel->setObjectName(u"shell.progress.cancel"_s);
    m_cancel->setShortcut(Qt::Key_Escape);
    m_retry->setObjectName(u"shell.progress.retry"_s);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(7);
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        Row& row = m_rows[stage];
        row = {new QLabel(this), new QLabel(this), new QLabel(this)};
        row.name->setObjectName(u"shell.progress.stage.%1"_s.arg(stage));
        row.name->setText(nameOf(static_cast<ConnectStage>(stage)));
        row.time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        row.time->setMinimumWidth(fontMetrics().horizontalAdvance(u"10 min 00 s"_s));
        const int at = static_cast<int>(stage);
        grid->addWidget(row.sign, at, 0);
        grid->addWidget(row.name, at, 1);
        grid->addWidget(row.time, at, 2);
    }
    auto* stages = new QHBoxLayout;
    stages->addStretch(1);
    stages->addLayout(grid);
    stages->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_retry);
    buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 16, 24, 16);
    layout->setSpacing(14);
    layout->addStretch(1);
    layout->addWidget(m_title);
    layout->addLayout(stages);
    layout->addWidget(m_advice);
    layout->addLayout(buttons);
    layout->addStretch(2);
}

void ConnectionProgress::follow(const DeviceConnection& connection)
{
    if (m_connection)
        m_connection->disconnect(this);
    m_connection = &connection;
    m_title->setText(tr("Connecting to %1").arg(connection.request().deviceName));
    m_advice->clear();
    m_advice->hide();
    m_retry->hide();
    m_cancel->show();
    m_cancel->setFocus();
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        show(static_cast<ConnectStage>(stage), Look::Pending);
        m_rows[stage].time->clear();
    }
    connect(&connection, &DeviceConnection::stageStarted, this,
            [this](ConnectStage stage) { show(stage, Look::Running); });
    connect(&connection, &DeviceConnection::stageFinished, this, [this](ConnectStage stage, Duration took) {
        show(stage, Look::Done);
        m_rows[static_cast<std::size_t>(stage)].time->setText(durationText(took));
    });
    m_clock.start();
}

void ConnectionProgress::showFailure(const ErrorText& reason)
{
    m_clock.stop();
    showTimes();
    show(m_connection->stage(), Look::Failed);
    m_title->setText(reason.what);
    m_advice->setText(reason.advice);
    m_advice->setVisible(!reason.advice.isEmpty());
    m_cancel->hide();
    m_retry->show();
    m_retry->setFocus();
}

void ConnectionProgress::show(ConnectStage stage, Look look)
{
    Row& row = m_rows[static_cast<std::size_t>(stage)];
    QIcon sign;
    QString spoken;
    switch (look) {
    case Look::Pending:
        sign = icon(u"pending"_s);
        spoken = tr("%1, to come");
        break;
    case Look::Running:
        sign = coloredIcon(u"waiting"_s, QColor(0x2f8fb3));
        spoken = tr("%1, under way");
        break;
    case Look::Done:
        sign = coloredIcon(u"done"_s, QColor(0x2f9e4f));
        spoken = tr("%1, done");
        break;
    case Look::Failed:
        sign = coloredIcon(u"error"_s, QColor(0xd64545));
        spoken = tr("%1, failed");
        break;
    }
    row.sign->setPixmap(sign.pixmap(QSize(18, 18), look == Look::Pending ? QIcon::Disabled : QIcon::Normal));
    row.name->setAccessibleName(spoken.arg(nameOf(stage)));
    QFont font = row.name->font();
    font.setBold(look == Look::Running || look == Look::Failed);
    row.name->setFont(font);
    row.name->setEnabled(look != Look::Pending);
}

void ConnectionProgress::showTimes()
{
    if (!m_connection || m_connection->state() == DeviceConnection::State::Ready) {
        m_clock.stop();
        return;
    }
    const ConnectStage stage = m_connection->stage();
    if (const auto time = m_connection->timeOf(stage))
        m_rows[static_cast<std::size_t>(stage)].time->setText(durationText(*time));
}

} // namespace fb::ui
