// SPDX-License-Identifier: Apache-2.0
#include "core/agent/HeldCommands.h"

#include <algorithm>

namespace fb::agent {

bool HeldCommands::canStart(const Command& command, const overlay::Engine& overlay, romon::RomonId target)
{
    return overlay.paths(target, 1).has_value() &&
           (!std::holds_alternative<OpenStream>(command) || overlay.hasAnswered(target));
}

std::optional<HeldCommands::Held> HeldCommands::takeReady(const overlay::Engine& overlay, Instant now)
{
    const auto ready = std::ranges::find_if(m_held, [&](const Held& held) {
        return held.until <= now || (m_look && canStart(held.command, overlay, held.target));
    });
    if (ready == m_held.end()) {
        m_look = false;
        return std::nullopt;
    }
    auto taken = std::move(*ready);
    m_held.erase(ready);
    return taken;
}

std::optional<Instant> HeldCommands::nextDeadline() const
{
    const auto next = std::ranges::min_element(m_held, {}, &Held::until);
    return next == m_held.end() ? std::nullopt : std::optional(next->until);
}

bool HeldCommands::cancel(RequestKey key)
{
    return std::erase_if(m_held, [key](const Held& held) { return held.key == key; }) != 0;
}

void HeldCommands::removeClient(ClientId client)
{
    std::erase_if(m_held, [client](const Held& held) { return held.key.client == client; });
}

} // namespace fb::agent
