// SPDX-License-Identifier: Apache-2.0
// Lists of secrets that an agent holds must come back from the file that it writes: else it does not start again.
#pragma once

#include "core/agent/SecretFile.h"
#include "core/base/Assert.h"

#include <algorithm>

namespace fb::fuzz {

inline bool isSame(const SecretList& left, const SecretList& right)
{
    return std::ranges::equal(left, right, [](const Secret& a, const Secret& b) { return a.isSameAs(b); });
}

inline void checkFileOf(const agent::SecretLists& lists)
{
    FB_ASSERT(lists.all.size() <= kSecretsMax && lists.ports.size() <= agent::kSecretPortsMax);
    const auto again = agent::parseSecrets(agent::formatSecrets(lists).reveal(), "written");
    FB_ASSERT(again && isSame(again->all, lists.all) && again->ports.size() == lists.ports.size());
    for (const auto& [interface, list] : lists.ports) {
        const auto found = again->ports.find(interface);
        FB_ASSERT(!list.empty() && found != again->ports.end() && isSame(found->second, list));
    }
}

} // namespace fb::fuzz
