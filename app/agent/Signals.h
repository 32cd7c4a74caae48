// SPDX-License-Identifier: Apache-2.0
// SIGTERM, SIGINT and SIGHUP as something the agent's loop can wait for.
#pragma once

#include "core/agent/Loop.h"
#include "core/base/FileDescriptor.h"

class Signals final : public fb::agent::Loop::Handler {
public:
    /// Blocks the signals for this thread and those it starts: to be made before any thread.
    Signals();

    [[nodiscard]] int pollDescriptor() const { return m_descriptor.get(); }
    void ready(const fb::runtime::Ready& what, fb::Instant now) override;

    [[nodiscard]] bool stopAsked() const { return m_stopAsked; }
    /// True once for each SIGHUP or several of them.
    [[nodiscard]] bool takeReload();

private:
    fb::FileDescriptor m_descriptor;
    bool m_stopAsked = false;
    bool m_reloadAsked = false;
};
