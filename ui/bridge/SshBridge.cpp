// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/SshBridge.h"

#include "ui/bridge/Overloaded.h"

#include <QPointer>
#include <QSocketNotifier>

namespace fb::ui {

namespace {

/// Events taken per turn of the event loop: a command that floods its terminal must not keep the window from painting.
constexpr int kEventsPerTurn = 64;

} // namespace

SshBridge::SshBridge(romon::RomonId device, FileDescriptor socket, ssh::Login login, ssh::KnownHosts knownHosts,
                     QObject* parent)
    : SshConnection(parent),
      m_session(device, std::move(socket), std::move(login), std::move(knownHosts)),
      m_notifier(new QSocketNotifier(m_session.pollDescriptor(), QSocketNotifier::Read, this))
{
    connect(m_notifier, &QSocketNotifier::activated, this, &SshBridge::drain);
}

void SshBridge::release(ssh::ChannelId channel, qsizetype sizeBytes)
{
    m_session.release(channel, static_cast<std::size_t>(sizeBytes));
}

Result<void, Error> SshBridge::write(ssh::ChannelId channel, const QByteArray& bytes)
{
    return m_session.write(channel, ByteVector(bytes.begin(), bytes.end()));
}

void SshBridge::drain()
{
    const QPointer<SshBridge> self(this);
    for (int taken = 0; taken < kEventsPerTurn; ++taken) {
        const auto event = m_session.nextEvent();
        if (!event)
            return;
        dispatch(*event);
        if (!self)
            return; // a slot has closed the window that owns us
    }
}

void SshBridge::dispatch(const ssh::Event& event)
{
    std::visit(Overloaded{
                   [this](const ssh::StageReached& body) { Q_EMIT stageReached(body.stage); },
                   [this](const ssh::HostKeyUnknown& body) { Q_EMIT hostKeyUnknown(body); },
                   [this](const ssh::HostKeyChanged& body) { Q_EMIT hostKeyChanged(body); },
                   [this](const ssh::PasswordNeeded& body) { Q_EMIT passwordNeeded(body); },
                   [this](const ssh::ChannelOpened& body) { Q_EMIT channelOpened(body.channel); },
                   [this](const ssh::ChannelData& body) {
                       const std::string text = textOf(body.bytes);
                       Q_EMIT channelData(body.channel, QByteArray::fromStdString(text));
                   },
                   [](const ssh::ChannelWritten&) {},
                   [this](const ssh::ChannelClosed& body) { Q_EMIT channelClosed(body); },
                   [this](const ssh::Ended& body) { Q_EMIT ended(body.error); },
               },
               event);
}

} // namespace fb::ui
