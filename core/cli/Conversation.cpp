// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Conversation.h"

namespace fb::cli {

Result<std::optional<agent::Event>, Error> Conversation::next(std::optional<Instant> deadline)
{
    for (;;) {
        if (auto event = m_service.nextEvent()) {
            if (const auto* lost = std::get_if<agent::ServiceLost>(&event->body))
                return failure(lost->error);
            return event;
        }
        if (deadline && m_waiter.now() >= *deadline)
            return std::optional<agent::Event>();
        if (m_waiter.wait(m_service, deadline) == Waiter::Woken::Interrupt)
            return failure(Error{ErrorCode::Cancelled, "interrupted"});
    }
}

Result<agent::EventBody, Error> Conversation::answer(agent::RequestId request, std::optional<Instant> deadline)
{
    for (;;) {
        auto event = next(deadline);
        if (!event)
            return failure(event.error());
        if (!*event)
            return failure(Error{ErrorCode::TimedOut, ""});
        if ((*event)->request != request)
            continue;
        if (const auto* failed = std::get_if<agent::CommandFailed>(&(*event)->body))
            return failure(failed->error);
        return std::move((*event)->body);
    }
}

Result<SnapshotPointer, Error> Conversation::snapshot()
{
    const auto changed = ask<agent::SnapshotChanged>(agent::GetSnapshot{});
    if (!changed)
        return failure(changed.error());
    if (changed->snapshot == nullptr)
        return failure(Error{ErrorCode::ProtocolMismatch, "the agent"});
    return changed->snapshot;
}

} // namespace fb::cli
