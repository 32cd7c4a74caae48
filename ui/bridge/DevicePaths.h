// SPDX-License-Identifier: Apache-2.0
// The ways to one device, kept up to date, and what the user wants of them. Asks the agent: for paths when the map, a
// policy or a session has changed, for sessions and policies every two seconds, because others may set them too.
#pragma once

#include "ui/bridge/PathWish.h"
#include "ui/bridge/ServiceBridge.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace fb::ui {

class DevicePaths final : public QObject {
    Q_OBJECT

public:
    /// What the pane lists at most; the agent gives up to 16.
    static constexpr std::uint32_t kPathsWanted = 8;

    explicit DevicePaths(ServiceBridge& agent, QObject* parent = nullptr);

    /// The device whose ways are wanted from now on; none: nothing is asked. The same one again changes nothing.
    void watch(std::optional<romon::RomonId> device);
    [[nodiscard]] const std::optional<romon::RomonId>& watched() const { return m_device; }
    /// Of the watched device; without paths before the first answer.
    [[nodiscard]] const DeviceWays& ways() const { return m_ways; }

    /// Asks the agent for it; changed() or refused() follows. One at a time: nothing happens while one is under way.
    void wish(const PathWish& wish);
    [[nodiscard]] bool isWishing() const { return m_wish.has_value(); }

Q_SIGNALS:
    /// Not before it is known which paths there are.
    void changed();
    /// The agent said no; everything is as it was.
    void refused(const fb::ui::PathWish& wish, const fb::Error& error);

private:
    void connectAgent();
    void askForPaths();
    void askForRules();
    void applySnapshot(const overlay::Snapshot& snapshot);
    void applyPaths(const agent::PathsFound& found);
    void applySessions(const std::vector<agent::SessionInfo>& sessions);
    void applyPolicies(const std::vector<agent::ScopedPolicy>& policies);
    void grant(const std::vector<agent::ScopedPolicy>& policies);
    void tell();
    void forget();

    ServiceBridge& m_agent;
    std::optional<romon::RomonId> m_device;
    DeviceWays m_ways;
    bool m_isKnown = false;                      ///< the agent has said which paths there are
    std::vector<agent::ScopedPolicy> m_policies; ///< all of them
    SnapshotPointer m_askedOn;                   ///< the map that the paths were asked on
    std::optional<PathWish> m_wish;
    QTimer m_refresh;
    quint64 m_pathsRequest = 0;
    quint64 m_sessionsRequest = 0;
    quint64 m_policiesRequest = 0;
    quint64 m_readRequest = 0; ///< what is set already, before it is added to
    quint64 m_setRequest = 0;
};

} // namespace fb::ui
