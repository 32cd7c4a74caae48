// SPDX-License-Identifier: Apache-2.0
// The policies that are set, by scope, and what follows from them for one session: everything that any of them avoids,
// and the pin of the most specific one that pins.
#pragma once

#include "core/agent/PathState.h"
#include "core/base/Error.h"
#include "core/base/Result.h"

namespace fb::agent {

class PathPolicies {
public:
    static constexpr std::size_t kPoliciesMax = 256;
    static constexpr std::size_t kNamesMax = 64; ///< of nodes, of links, of hops in one policy

    /// Replaces what was set for the scope. Fails with LimitReached or InvalidArgument.
    [[nodiscard]] Result<void, Error> set(const PolicyScope& scope, overlay::PathPolicy policy);
    /// False if nothing was set.
    bool clear(const PolicyScope& scope);
    /// A session that is over takes its policy with it.
    void forgetSession(stream::StreamId session) { clear({.session = session, .node = std::nullopt}); }

    [[nodiscard]] overlay::PathPolicy effective(std::optional<stream::StreamId> session, romon::RomonId peer) const;
    [[nodiscard]] const std::vector<ScopedPolicy>& all() const { return m_policies; }

private:
    [[nodiscard]] std::vector<ScopedPolicy>::iterator find(const PolicyScope& scope);

    std::vector<ScopedPolicy> m_policies;
};

} // namespace fb::agent
