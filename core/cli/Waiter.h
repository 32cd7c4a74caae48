// SPDX-License-Identifier: Apache-2.0
// How a command waits for its agent: for real with SystemWaiter, with a clock that jumps in tests.
#pragma once

#include "core/agent/Service.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Instant.h"
#include "core/runtime/Poller.h"

#include <optional>

namespace fb::cli {

class Waiter {
public:
    enum class Woken { Service, Deadline, Interrupt };

    virtual ~Waiter() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    /// Until the service may have an event, the deadline has come, or the user wants to stop; no deadline: for ever.
    [[nodiscard]] virtual Woken wait(const agent::Service& service, std::optional<Instant> deadline) = 0;
};

/// Takes SIGINT, SIGTERM and SIGHUP of this process over while it exists, as a descriptor, so that a command ends in
/// order and the terminal is left as it was found. To be made before any thread is.
class SystemWaiter final : public Waiter {
public:
    SystemWaiter();
    ~SystemWaiter() override;
    SystemWaiter(const SystemWaiter&) = delete;
    SystemWaiter& operator=(const SystemWaiter&) = delete;

    [[nodiscard]] Instant now() const override;
    [[nodiscard]] Woken wait(const agent::Service& service, std::optional<Instant> deadline) override;
    /// Readable once the user wants to stop.
    [[nodiscard]] int interruptDescriptor() const { return m_signals.get(); }

private:
    FileDescriptor m_signals;
    runtime::Poller m_poller;
    std::optional<int> m_watched; ///< the service's descriptor that the poller has
};

} // namespace fb::cli
