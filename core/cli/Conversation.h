// SPDX-License-Identifier: Apache-2.0
// One command's talk with its agent: submits, and waits for what comes back. What ends every talk (the agent is gone,
// the user interrupts) comes out as an Error, so that a command handles it in one place.
#pragma once

#include "core/agent/Service.h"
#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/Waiter.h"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace fb::cli {

using SnapshotPointer = std::shared_ptr<const overlay::Snapshot>;

/// How long an agent may take for what it answers from memory.
inline constexpr Duration kAgentPatience = std::chrono::seconds(5);

class Conversation {
public:
    Conversation(agent::Service& service, Waiter& waiter) : m_service(service), m_waiter(waiter) {}

    [[nodiscard]] agent::RequestId submit(agent::Command command) { return m_service.submit(std::move(command)); }
    [[nodiscard]] Instant now() const { return m_waiter.now(); }

    /// The next event, of any request; none once the deadline has come. Fails with Cancelled when the user interrupts
    /// and with what ServiceLost says.
    [[nodiscard]] Result<std::optional<agent::Event>, Error> next(std::optional<Instant> deadline);

    /// The next event of one request; those of others are dropped. A CommandFailed is its error, the deadline TimedOut.
    [[nodiscard]] Result<agent::EventBody, Error> answer(agent::RequestId request, std::optional<Instant> deadline);

    /// Asks for what the agent answers from memory, with one event of this type; another one is a ProtocolMismatch.
    template <class Answer>
    [[nodiscard]] Result<Answer, Error> ask(agent::Command command)
    {
        const auto request = submit(std::move(command));
        auto body = answer(request, now() + kAgentPatience);
        if (!body)
            return failure(body.error());
        if (auto* wanted = std::get_if<Answer>(&*body))
            return std::move(*wanted);
        return failure(Error{ErrorCode::ProtocolMismatch, "the agent"});
    }

    /// What the agent knows now, without asking the network.
    [[nodiscard]] Result<SnapshotPointer, Error> snapshot();

    [[nodiscard]] agent::Service& service() { return m_service; }

private:
    agent::Service& m_service;
    Waiter& m_waiter;
};

} // namespace fb::cli
