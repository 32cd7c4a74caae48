// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/SystemClock.h"

namespace fb::runtime {

Instant now()
{
    // libstdc++'s and libc++'s steady_clock is CLOCK_MONOTONIC on Linux.
    const auto sinceBoot = std::chrono::steady_clock::now().time_since_epoch();
    return Instant(std::chrono::floor<Duration>(sinceBoot));
}

} // namespace fb::runtime
