// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Event.h"

#include "core/base/Assert.h"

namespace fb::ssh {

std::string_view nameOf(Stage stage)
{
    switch (stage) {
    case Stage::KeyExchange:
        return "key-exchange";
    case Stage::HostKey:
        return "host-key";
    case Stage::Authentication:
        return "authentication";
    case Stage::Ready:
        return "ready";
    }
    assertionFailed("a stage", __FILE__, __LINE__);
}

} // namespace fb::ssh
