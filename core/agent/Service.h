// SPDX-License-Identifier: Apache-2.0
// The one API of the client, the command line and the daemon: commands in, events out. The same whether the agent runs
// on a thread of this process (LocalService) or behind a Unix socket (RemoteService).
#pragma once

#include "core/agent/Command.h"
#include "core/agent/Event.h"

#include <optional>

namespace fb::agent {

/// Used by one thread. Destroying it cancels every command it has submitted; sockets handed over stay with their owner
/// and read as ended.
class Service {
public:
    virtual ~Service() = default;

    /// Queues a command and returns at once. If it cannot be queued, CommandFailed (LimitReached) is the next event.
    [[nodiscard]] virtual RequestId submit(Command command) = 0;

    /// Readable while nextEvent() has something.
    [[nodiscard]] virtual int pollDescriptor() const = 0;
    [[nodiscard]] virtual std::optional<Event> nextEvent() = 0;
};

} // namespace fb::agent
