// SPDX-License-Identifier: Apache-2.0
#include "core/agent/PathPolicies.h"

#include <algorithm>

namespace fb::agent {

namespace {

template <class Name>
void addMissing(std::vector<Name>& names, const std::vector<Name>& more)
{
    for (const auto& name : more) {
        if (std::ranges::find(names, name) == names.end())
            names.push_back(name);
    }
}

void addTo(overlay::PathPolicy& effective, const overlay::PathPolicy& policy)
{
    addMissing(effective.avoidNodes, policy.avoidNodes);
    addMissing(effective.avoidLinks, policy.avoidLinks);
    if (policy.pin.empty())
        return;
    effective.pin = policy.pin;
    effective.isStrict = policy.isStrict;
}

} // namespace

std::vector<ScopedPolicy>::iterator PathPolicies::find(const PolicyScope& scope)
{
    return std::ranges::find(m_policies, scope, &ScopedPolicy::scope);
}

Result<void, Error> PathPolicies::set(const PolicyScope& scope, overlay::PathPolicy policy)
{
    // Whoever avoids one thing more sends all that was avoided before, and perhaps that one again.
    overlay::PathPolicy once;
    addTo(once, policy);
    policy = std::move(once);
    const auto longest = std::max({policy.avoidNodes.size(), policy.avoidLinks.size(), policy.pin.size()});
    if (longest > kNamesMax)
        return failure(Error{ErrorCode::LimitReached, "names in a path policy"});
    if (!policy.pin.empty() && !scope.session && !scope.node)
        return failure(Error{ErrorCode::InvalidArgument, "a path leads to one node: it cannot be pinned for all"});
    const auto found = find(scope);
    if (found != m_policies.end()) {
        found->policy = std::move(policy);
        return {};
    }
    if (m_policies.size() >= kPoliciesMax)
        return failure(Error{ErrorCode::LimitReached, "path policies"});
    m_policies.push_back({scope, std::move(policy)});
    return {};
}

bool PathPolicies::clear(const PolicyScope& scope)
{
    const auto found = find(scope);
    if (found == m_policies.end())
        return false;
    m_policies.erase(found);
    return true;
}

overlay::PathPolicy PathPolicies::effective(std::optional<stream::StreamId> session, romon::RomonId peer) const
{
    overlay::PathPolicy effective;
    const auto add = [&](const PolicyScope& scope) {
        const auto found = std::ranges::find(m_policies, scope, &ScopedPolicy::scope);
        if (found != m_policies.end())
            addTo(effective, found->policy);
    };
    // From the general to the special: a later pin replaces an earlier one.
    add({});
    add({.session = std::nullopt, .node = peer});
    if (session)
        add({.session = session, .node = std::nullopt});
    return effective;
}

} // namespace fb::agent
