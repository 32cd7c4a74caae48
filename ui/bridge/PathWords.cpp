// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/PathWords.h"

#include "ui/bridge/Format.h"

#include <QCoreApplication>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::uint16_t kSshService = 3;
constexpr std::uint16_t kWinboxService = 4;

class Words {
    Q_DECLARE_TR_FUNCTIONS(fb::ui::PathWords)

public:
    static QString state(const agent::PathReport& report)
    {
        if (report.state == agent::PathState::Unwatched)
            return {};
        QStringList words{report.isInUse ? tr("in use") : tr("held ready")};
        if (report.state == agent::PathState::Suspect)
            words << tr("suspect");
        else if (report.state == agent::PathState::Dead)
            words = QStringList{report.isInUse ? tr("in use") : QString(), tr("dead")};
        else if (report.state == agent::PathState::Held)
            words = QStringList{report.isInUse ? tr("in use") : QString(), tr("proving itself")};
        if (report.quality.isLossy)
            words << tr("lossy");
        words.removeAll(QString());
        return words.join(u", "_s);
    }

    static QString pin(const DeviceWays& ways, const overlay::Path& path)
    {
        const auto ports = overlay::pinOf(path);
        QStringList words;
        for (const auto& [scope, policy] : ways.policies) {
            if (policy.pin != ports)
                continue;
            const QString word = policy.isStrict ? tr("pinned strictly") : tr("pinned");
            words << (scope.session ? tr("%1 for session %2").arg(word).arg(*scope.session) : word);
        }
        return words.join(u", "_s);
    }

    static QString rules(const DeviceWays& ways, const NodeNames& names)
    {
        QStringList lines;
        for (const auto& [scope, policy] : ways.policies) {
            QStringList words;
            if (!policy.pin.empty()) {
                const QString path = pinnedPath(policy, ways.device, names);
                words << (policy.isStrict ? tr("pinned strictly to %1") : tr("pinned to %1")).arg(path);
            }
            for (const auto& node : policy.avoidNodes)
                words << tr("avoiding %1").arg(names.node(node));
            for (const auto& link : policy.avoidLinks)
                words << tr("avoiding %1").arg(names.port(link));
            if (!words.isEmpty())
                lines << tr("%1: %2").arg(scopeWord(scope, ways.device, names), words.join(u", "_s));
        }
        for (const auto& session : ways.sessions) {
            if (session.isPinBroken)
                lines << tr("%1 uses another path: the pinned one does not work now")
                             .arg(capitalized(Words::session(session)));
        }
        return lines.join(u"; "_s);
    }

    static QString session(const agent::SessionInfo& session)
    {
        const QString service = session.service == kSshService      ? u"SSH"_s
                                : session.service == kWinboxService ? u"WinBox"_s
                                                                    : tr("data port %1").arg(session.service);
        return tr("session %1 (%2)").arg(QString::number(session.session), service);
    }

    static QString move(const agent::StreamRerouted& move, const overlay::Path& before, const NodeNames& names)
    {
        if (overlay::pinOf(move.path) == overlay::pinOf(before))
            return {};
        const auto& hops = move.path.hops;
        const QString way = hops.size() > 1 ? tr("moved to the path via %1").arg(names.node(hops.front().to))
                                            : tr("moved to the direct path");
        const QString reason = why(move.reason, before, names);
        return reason.isEmpty() ? way : u"%1: %2"_s.arg(way, reason);
    }

    static ErrorText refusal(const PathWish& wish, const Error& error, const QString& device, const NodeNames& names)
    {
        if (error.code == ErrorCode::NoPath)
            return noPath(wish, error, device, names);
        if (error.code == ErrorCode::LimitReached)
            return {tr("So much is pinned and avoided already that no more fits: %1.").arg(fromCore(error.context)),
                    tr("Choose Automatic first.")};
        if (error.code == ErrorCode::InvalidArgument && wish.scope.session)
            return {tr("Session %1 to %2 has ended.").arg(QString::number(*wish.scope.session), device),
                    tr("Choose another session, or all of them.")};
        return errorText(error, device);
    }

private:
    static QString capitalized(QString text)
    {
        text[0] = text.at(0).toUpper();
        return text;
    }

    static QString pinnedPath(const overlay::PathPolicy& policy, const romon::RomonId& device, const NodeNames& names)
    {
        QString text;
        for (std::size_t at = 1; at < policy.pin.size(); ++at)
            text += names.node(policy.pin[at].node) + u" → "_s;
        return text + names.node(device);
    }

    static QString scopeWord(const agent::PolicyScope& scope, const romon::RomonId& device, const NodeNames& names)
    {
        if (scope.session)
            return tr("Session %1").arg(*scope.session);
        return scope.node ? tr("Sessions to %1").arg(names.node(device)) : tr("All sessions");
    }

    static QString why(agent::MoveReason reason, const overlay::Path& before, const NodeNames& names)
    {
        using agent::MoveReason;
        switch (reason) {
        case MoveReason::Silent:
            return tr("nothing came back along the old one");
        case MoveReason::Unreachable:
            return tr("a device on the old one reported a broken link");
        case MoveReason::PortDown:
            return before.hops.empty() ? tr("a port is down")
                                       : tr("%1 is down").arg(names.port(before.hops.front().out));
        case MoveReason::Lossy:
            return tr("the old one loses frames");
        case MoveReason::Cheaper:
            return tr("it is cheaper and has proven itself");
        case MoveReason::Policy:
            return tr("a path was pinned or avoided");
        case MoveReason::Opened:
        case MoveReason::Changed:
            break;
        }
        return {};
    }

    static ErrorText noPath(const PathWish& wish, const Error& error, const QString& device, const NodeNames& names)
    {
        // A wish for all sessions may fail for a device that is not the one on show.
        const auto peer = romon::RomonId::parse(error.context);
        const QString target = peer ? names.node(*peer) : device;
        switch (wish.kind) {
        case PathWish::Kind::Pin:
        case PathWish::Kind::PinStrictly:
            return {tr("That path to %1 is not there now: it was not pinned.").arg(target),
                    tr("Choose another one, or wait until every device on it is fresh.")};
        case PathWish::Kind::AvoidNode:
            return {tr("Without %1 no path would lead to %2: it is not avoided.").arg(names.node(wish.node), target),
                    tr("Avoid something else, or choose Automatic first if a path over it is pinned.")};
        case PathWish::Kind::AvoidLink:
            return {tr("Without %1 no path would lead to %2: it is not avoided.").arg(names.port(wish.link), target),
                    tr("Avoid something else, or choose Automatic first if a path over it is pinned.")};
        case PathWish::Kind::Automatic:
            break;
        }
        return errorText(error, target);
    }
};

} // namespace

QString stateText(const agent::PathReport& report)
{
    return Words::state(report);
}

QString pinText(const DeviceWays& ways, const overlay::Path& path)
{
    return Words::pin(ways, path);
}

QString rulesText(const DeviceWays& ways, const NodeNames& names)
{
    return Words::rules(ways, names);
}

QString sessionText(const agent::SessionInfo& session)
{
    return Words::session(session);
}

QString moveText(const agent::StreamRerouted& move, const overlay::Path& before, const NodeNames& names)
{
    return Words::move(move, before, names);
}

ErrorText refusalText(const PathWish& wish, const Error& error, const QString& device, const NodeNames& names)
{
    return Words::refusal(wish, error, device, names);
}

} // namespace fb::ui
