// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/ErrorText.h"

#include "ui/bridge/Format.h"

#include <QCoreApplication>

#include <system_error>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

class Sentences {
    Q_DECLARE_TR_FUNCTIONS(fb::ui::ErrorText)

public:
    Sentences(const Error& error, const QString& device)
        : m_error(error), m_context(fromCore(error.context)), m_device(device.isEmpty() ? tr("the device") : device)
    {
    }

    [[nodiscard]] ErrorText text() const
    {
        switch (m_error.code) {
        case ErrorCode::InvalidArgument:
        case ErrorCode::NotPermitted:
        case ErrorCode::NoSuchInterface:
        case ErrorCode::InterfaceDown:
        case ErrorCode::LimitReached:
        case ErrorCode::AgentUnavailable:
        case ErrorCode::ProtocolMismatch:
        case ErrorCode::Cancelled:
        case ErrorCode::SystemError:
        case ErrorCode::Count:
            return hereText();
        case ErrorCode::NoSuchNode:
        case ErrorCode::AmbiguousName:
        case ErrorCode::NoPath:
        case ErrorCode::NoSuchService:
        case ErrorCode::NotAllowed:
        case ErrorCode::TimedOut:
        case ErrorCode::ConnectionReset:
        case ErrorCode::PeerSilent:
        case ErrorCode::AuthenticationFailed:
        case ErrorCode::HostKeyChanged:
            return deviceText();
        }
        return {};
    }

private:
    /// What went wrong on this computer or with its agent.
    [[nodiscard]] ErrorText hereText() const
    {
        switch (m_error.code) {
        case ErrorCode::InvalidArgument:
            return {tr("That makes no sense here: %1.").arg(m_context), tr("Correct it and try again.")};
        case ErrorCode::NotPermitted:
            return {withContext(tr("This is not permitted")),
                    tr("Start the agent footbridged, or give footbridge-capture the right to capture "
                       "(setcap cap_net_raw+ep), and try again.")};
        case ErrorCode::NoSuchInterface:
            return {tr("There is no interface %1 on this computer.").arg(m_context),
                    tr("Plug it in, or choose another one under Interfaces.")};
        case ErrorCode::InterfaceDown:
            return {tr("The interface %1 is down.").arg(m_context),
                    tr("Plug in the cable, or bring the interface up.")};
        case ErrorCode::LimitReached:
            return {withContext(tr("A limit is reached")), tr("Close connections that you no longer need.")};
        case ErrorCode::AgentUnavailable:
            return {withContext(tr("No agent answers")),
                    tr("Start it with: systemctl start footbridged. Without it, start footbridge without --socket.")};
        case ErrorCode::ProtocolMismatch:
            return {withContext(tr("The two programs do not speak the same version")),
                    tr("Install the same version of Footbridge on both sides and restart the agent.")};
        case ErrorCode::Cancelled:
            return {tr("Cancelled."), {}};
        default:
            return {withContext(tr("The system refused")), {}};
        }
    }

    /// What went wrong with the device or on the way to it.
    [[nodiscard]] ErrorText deviceText() const
    {
        switch (m_error.code) {
        case ErrorCode::NoSuchNode:
            return {tr("%1 has not been heard.").arg(m_device),
                    tr("Check that RoMON is enabled on it and on every device between.")};
        case ErrorCode::AmbiguousName:
            return {tr("Several devices have that name: %1.").arg(m_context), tr("Use the RoMON id instead.")};
        case ErrorCode::NoPath:
            return {tr("No path leads to %1 now.").arg(m_device),
                    tr("A link or a device on the way is down. The list shows which devices have gone stale.")};
        case ErrorCode::NoSuchService:
            return {tr("%1 does not offer SSH over RoMON.").arg(m_device),
                    tr("Enable its SSH server, or allow it in the device's Footbridge configuration.")};
        case ErrorCode::NotAllowed:
            return {tr("%1 does not let this computer in.").arg(m_device),
                    tr("Its configuration decides who may use this service.")};
        case ErrorCode::TimedOut:
            return {tr("%1 did not answer in time.").arg(m_device), tr("It may be busy or cut off. Try again.")};
        case ErrorCode::ConnectionReset:
            return {tr("%1 no longer knows this session.").arg(m_device),
                    tr("It has probably restarted. Reconnect to start a new session.")};
        case ErrorCode::PeerSilent:
            return {tr("%1 has fallen silent.").arg(m_device),
                    tr("Nothing was heard from it for too long. Reconnect once it is back in the list.")};
        case ErrorCode::AuthenticationFailed:
            return {tr("%1 did not accept the login.").arg(m_device), tr("Check the user name and the password.")};
        default:
            return {tr("The host key of %1 is not the one pinned for its RoMON id.").arg(m_device),
                    tr("Somebody may be posing as this device. Find out why the key changed before you connect.")};
        }
    }

    [[nodiscard]] QString withContext(const QString& sentence) const
    {
        QString detail = m_context;
        if (m_error.systemErrno != 0) {
            const QString words = fromCore(std::generic_category().message(m_error.systemErrno));
            detail = detail.isEmpty() ? words : u"%1, %2"_s.arg(detail, words);
        }
        return detail.isEmpty() ? sentence + u'.' : u"%1: %2."_s.arg(sentence, detail);
    }

    const Error& m_error;
    QString m_context;
    QString m_device;
};

} // namespace

QString ErrorText::joined() const
{
    return advice.isEmpty() ? what : what + u'\n' + advice;
}

ErrorText errorText(const Error& error, const QString& device)
{
    return Sentences(error, device).text();
}

} // namespace fb::ui
