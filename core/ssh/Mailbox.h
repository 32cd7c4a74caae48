// SPDX-License-Identifier: Apache-2.0
// What a Session and its worker thread share: two queues of values, and the few flags that must overtake the queues.
#pragma once

#include "core/runtime/MessageQueue.h"
#include "core/ssh/Command.h"
#include "core/ssh/Event.h"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace fb::ssh {

struct Mailbox {
    static constexpr std::size_t kCommandsMax = 4096;
    static constexpr std::size_t kEventsMax = 4096;

    runtime::MessageQueue<Command> commands{kCommandsMax};
    runtime::MessageQueue<Event> events{kEventsMax};
    std::atomic<std::uint64_t> commandsTaken{0}; ///< by the worker
    std::atomic<std::uint64_t> eventsTaken{0};   ///< by the session's user
    std::atomic<bool> workerWaitsForRoom{false}; ///< raise `attention` after taking an event
    std::atomic<bool> cancelled{false};
    runtime::WakeUp attention; ///< wakes the worker: a flag above has changed
};

} // namespace fb::ssh
