// SPDX-License-Identifier: Apache-2.0
// An agent's part about secrets: the real rules and the real confirmation, on a clock that the test moves.
#pragma once

#include "core/agent/SecretKeeper.h"
#include "tests/support/FakeService.h"

namespace fb::test {

class SecretAgent {
public:
    [[nodiscard]] const agent::SecretLists& lists() const { return m_keeper.lists(); }
    [[nodiscard]] bool isWaiting() const { return m_keeper.nextDeadline().has_value(); }
    void pass(Duration time)
    {
        m_now += time;
        static_cast<void>(m_keeper.advance(m_now));
    }
    [[nodiscard]] FakeService::Script script()
    {
        return [this](FakeService& service, agent::RequestId request, const agent::Command& command) {
            if (std::holds_alternative<agent::ListSecrets>(command)) {
                service.publish(request, listed(false));
            } else if (const auto* change = std::get_if<agent::ChangeSecrets>(&command)) {
                const auto done = m_keeper.change(change->change, change->confirmWithin, m_now);
                service.publish(request, done ? agent::EventBody(listed(*done))
                                              : agent::EventBody(agent::CommandFailed{done.error()}));
            } else if (const auto* confirm = std::get_if<agent::ConfirmSecrets>(&command)) {
                if (confirm->keep == agent::ConfirmSecrets::Keep::No)
                    m_keeper.putBack();
                else
                    static_cast<void>(m_keeper.confirm());
                service.publish(request, listed(false));
            }
        };
    }

private:
    [[nodiscard]] agent::SecretsListed listed(bool hasChanged) const
    {
        agent::SecretsListed listed{agent::scopesOf(m_keeper.lists()), hasChanged, std::nullopt, m_keeper.isKept()};
        if (const auto until = m_keeper.nextDeadline())
            listed.confirmLeft = *until - m_now;
        return listed;
    }

    agent::SecretKeeper m_keeper{{}, {}};
    Instant m_now{};
};

} // namespace fb::test
