// SPDX-License-Identifier: Apache-2.0
// An agent's bridge over a FakeService, for tests of windows.
#pragma once

#include "tests/support/FakeService.h"
#include "ui/bridge/ServiceBridge.h"

namespace fb::test {

struct FakeAgent {
    FakeService* service = nullptr; ///< the one that is open; owned by the bridge
    ui::AgentPlace place = ui::AgentPlace::InProcess;
    std::optional<Error> refusal;
    ui::ServiceBridge bridge{[this]() -> Result<ui::OpenedService, Error> {
        if (refusal)
            return failure(*refusal);
        auto opened = std::make_unique<FakeService>();
        service = opened.get();
        return ui::OpenedService{std::move(opened), place, QStringLiteral("in-process agent")};
    }};
};

} // namespace fb::test
