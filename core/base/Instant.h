// SPDX-License-Identifier: Apache-2.0
// The engines' time. An engine never asks what time it is: whoever drives it says so with every call.
#pragma once

#include <chrono>
#include <cstdint>

namespace fb {

/// A steady clock that deliberately has no now(). Only core/runtime makes Instants out of the system's clock.
struct EngineClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<EngineClock>;
    static constexpr bool is_steady = true;
};

using Instant = EngineClock::time_point;
using Duration = EngineClock::duration;

} // namespace fb
