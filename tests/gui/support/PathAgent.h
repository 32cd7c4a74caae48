// SPDX-License-Identifier: Apache-2.0
// An agent's part about paths, played over a fixed choice of them: it keeps policies as the real one does, lists what
// they leave, the pinned path first, and refuses what leaves none.
#pragma once

#include "core/agent/PathPolicies.h"
#include "tests/support/FakeService.h"

namespace fb::test {

class PathAgent {
public:
    explicit PathAgent(std::vector<overlay::Path> paths) : m_paths(std::move(paths)) {}

    std::vector<agent::SessionInfo> sessions;

    [[nodiscard]] const agent::PathPolicies& policies() const { return m_policies; }
    [[nodiscard]] FakeService::Script script()
    {
        return [this](FakeService& service, agent::RequestId request, const agent::Command& command) {
            answer(service, request, command);
        };
    }

private:
    void answer(FakeService& service, agent::RequestId request, const agent::Command& command)
    {
        if (const auto* find = std::get_if<agent::FindPaths>(&command)) {
            auto left = pathsLeft(m_policies.effective(std::nullopt, find->target));
            std::vector<agent::PathReport> reports(left.size());
            service.publish(request, agent::PathsFound{find->target, std::move(left), std::move(reports)});
        } else if (std::holds_alternative<agent::GetSessions>(command)) {
            service.publish(request, agent::SessionsListed{sessions});
        } else if (std::holds_alternative<agent::GetPathPolicies>(command)) {
            service.publish(request, agent::PathPoliciesListed{m_policies.all()});
        } else if (const auto* clear = std::get_if<agent::ClearPathPolicy>(&command)) {
            m_policies.clear(clear->scope);
            service.publish(request, agent::CommandDone{});
        } else if (const auto* set = std::get_if<agent::SetPathPolicy>(&command)) {
            auto changed = m_policies;
            const auto done = changed.set(set->scope, set->policy);
            if (!done || pathsLeft(changed.effective(set->scope.session, m_paths.front().hops.back().to)).empty()) {
                service.publish(request, agent::CommandFailed{done ? Error{ErrorCode::NoPath, {}, 0} : done.error()});
                return;
            }
            m_policies = std::move(changed);
            service.publish(request, agent::CommandDone{});
        }
    }

    [[nodiscard]] std::vector<overlay::Path> pathsLeft(const overlay::PathPolicy& policy) const
    {
        std::vector<overlay::Path> left;
        for (const auto& path : m_paths) {
            const auto isAvoided = [&](const overlay::Hop& hop) {
                const overlay::PortName out{.node = hop.from, .linkId = hop.out.linkId};
                return std::ranges::find(policy.avoidNodes, hop.to) != policy.avoidNodes.end() ||
                       std::ranges::find(policy.avoidLinks, out) != policy.avoidLinks.end();
            };
            if (std::ranges::none_of(path.hops, isAvoided))
                left.push_back(path);
        }
        const auto isPinned = [&](const overlay::Path& path) { return overlay::pinOf(path) == policy.pin; };
        std::stable_partition(left.begin(), left.end(), isPinned);
        return left;
    }

    std::vector<overlay::Path> m_paths;
    agent::PathPolicies m_policies;
};

} // namespace fb::test
