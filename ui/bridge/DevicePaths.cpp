// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/DevicePaths.h"

#include <algorithm>
#include <utility>

namespace fb::ui {

namespace {

constexpr std::chrono::seconds kRefreshInterval(2);

bool isAnswerTo(quint64& waiting, quint64 request)
{
    if (request == 0 || request != waiting)
        return false;
    waiting = 0;
    return true;
}

} // namespace

overlay::PathPolicy granted(const PathWish& wish, overlay::PathPolicy before)
{
    const auto addTo = [](auto& names, const auto& name) {
        if (std::ranges::find(names, name) == names.end())
            names.push_back(name);
    };
    switch (wish.kind) {
    case PathWish::Kind::Pin:
    case PathWish::Kind::PinStrictly:
        before.pin = wish.pin;
        before.isStrict = wish.kind == PathWish::Kind::PinStrictly;
        break;
    case PathWish::Kind::AvoidNode:
        addTo(before.avoidNodes, wish.node);
        break;
    case PathWish::Kind::AvoidLink:
        addTo(before.avoidLinks, wish.link);
        break;
    case PathWish::Kind::Automatic:
        before = {};
        break;
    }
    return before;
}

DevicePaths::DevicePaths(ServiceBridge& agent, QObject* parent) : QObject(parent), m_agent(agent)
{
    m_refresh.setInterval(kRefreshInterval);
    connect(&m_refresh, &QTimer::timeout, this, &DevicePaths::askForRules);
    connectAgent();
}

void DevicePaths::connectAgent()
{
    connect(&m_agent, &ServiceBridge::lost, this, &DevicePaths::forget);
    connect(&m_agent, &ServiceBridge::opened, this, &DevicePaths::forget);
    connect(&m_agent, &ServiceBridge::snapshotChanged, this,
            [this](const SnapshotPointer& snapshot) { applySnapshot(*snapshot); });
    connect(&m_agent, &ServiceBridge::pathsFound, this, [this](quint64 request, const agent::PathsFound& found) {
        if (isAnswerTo(m_pathsRequest, request))
            applyPaths(found);
    });
    connect(&m_agent, &ServiceBridge::sessionsListed, this, [this](quint64 request, const auto& sessions) {
        if (isAnswerTo(m_sessionsRequest, request))
            applySessions(sessions);
    });
    connect(&m_agent, &ServiceBridge::pathPoliciesListed, this, [this](quint64 request, const auto& policies) {
        if (isAnswerTo(m_policiesRequest, request))
            applyPolicies(policies);
        else if (isAnswerTo(m_readRequest, request))
            grant(policies);
    });
    connect(&m_agent, &ServiceBridge::commandDone, this, [this](quint64 request) {
        if (!isAnswerTo(m_setRequest, request))
            return;
        m_wish.reset();
        askForRules();
        askForPaths();
        tell();
    });
    connect(&m_agent, &ServiceBridge::commandFailed, this, [this](quint64 request, const Error& error) {
        if (isAnswerTo(m_pathsRequest, request))
            applyPaths({});
        else if (isAnswerTo(m_readRequest, request) || isAnswerTo(m_setRequest, request))
            Q_EMIT refused(*std::exchange(m_wish, std::nullopt), error);
        else if (!isAnswerTo(m_sessionsRequest, request))
            isAnswerTo(m_policiesRequest, request);
    });
}

void DevicePaths::watch(std::optional<romon::RomonId> device)
{
    if (device == m_device)
        return;
    forget();
    m_device = device;
    if (!m_device)
        return;
    m_ways.device = *m_device;
    m_refresh.start();
    askForPaths();
    askForRules();
}

void DevicePaths::tell()
{
    if (m_isKnown)
        Q_EMIT changed();
}

void DevicePaths::forget()
{
    m_device.reset();
    m_ways = {};
    m_isKnown = false;
    m_policies.clear();
    m_askedOn.reset();
    m_wish.reset();
    m_refresh.stop();
    for (quint64* request : {&m_pathsRequest, &m_sessionsRequest, &m_policiesRequest, &m_readRequest, &m_setRequest})
        *request = 0;
}

void DevicePaths::askForPaths()
{
    // An answer that is still on its way was found under other circumstances: it is not waited for.
    m_askedOn = m_agent.snapshot();
    m_pathsRequest = m_agent.submit(agent::FindPaths{.target = *m_device, .count = kPathsWanted});
}

void DevicePaths::askForRules()
{
    if (m_sessionsRequest == 0)
        m_sessionsRequest = m_agent.submit(agent::GetSessions{});
    if (m_policiesRequest == 0)
        m_policiesRequest = m_agent.submit(agent::GetPathPolicies{});
}

void DevicePaths::applySnapshot(const overlay::Snapshot& snapshot)
{
    // The same map gives the same paths: asked again only when a link or a port of ours has changed.
    if (!m_device || m_pathsRequest != 0 || (m_askedOn && m_askedOn->links == snapshot.links))
        return;
    askForPaths();
}

void DevicePaths::applyPaths(const agent::PathsFound& found)
{
    m_ways.paths = found.paths;
    m_ways.reports = found.reports;
    m_ways.reports.resize(found.paths.size());
    m_isKnown = true;
    tell();
}

void DevicePaths::applySessions(const std::vector<agent::SessionInfo>& sessions)
{
    const bool hadSome = !m_ways.sessions.empty();
    m_ways.sessions.clear();
    for (const auto& session : sessions) {
        if (session.peer == m_ways.device && session.direction == agent::SessionInfo::Direction::Opened)
            m_ways.sessions.push_back(session);
    }
    // Only the paths of sessions are probed: without one, nothing is there to hear.
    if ((hadSome || !m_ways.sessions.empty()) && m_pathsRequest == 0)
        askForPaths();
    tell();
}

void DevicePaths::applyPolicies(const std::vector<agent::ScopedPolicy>& policies)
{
    const bool areNew = policies != m_policies;
    m_policies = policies;
    m_ways.policies.clear();
    for (const auto& entry : policies) {
        const auto& scope = entry.scope;
        const bool isOfSession =
            scope.session &&
            std::ranges::find(m_ways.sessions, *scope.session, &agent::SessionInfo::session) != m_ways.sessions.end();
        if (isOfSession || (!scope.session && (!scope.node || *scope.node == m_ways.device)))
            m_ways.policies.push_back(entry);
    }
    if (!areNew)
        return;
    if (m_pathsRequest == 0)
        askForPaths();
    tell();
}

void DevicePaths::wish(const PathWish& wish)
{
    if (m_wish || !m_device)
        return;
    m_wish = wish;
    if (wish.kind == PathWish::Kind::Automatic)
        m_setRequest = m_agent.submit(agent::ClearPathPolicy{wish.scope});
    else
        m_readRequest = m_agent.submit(agent::GetPathPolicies{});
    tell();
}

void DevicePaths::grant(const std::vector<agent::ScopedPolicy>& policies)
{
    const auto before = std::ranges::find(policies, m_wish->scope, &agent::ScopedPolicy::scope);
    m_setRequest = m_agent.submit(agent::SetPathPolicy{
        m_wish->scope, granted(*m_wish, before == policies.end() ? overlay::PathPolicy{} : before->policy)});
}

} // namespace fb::ui
