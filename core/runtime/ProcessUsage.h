// SPDX-License-Identifier: Apache-2.0
// What this process takes of the machine, for whoever watches it over weeks: memory, processor time, descriptors.
#pragma once

#include "core/base/Instant.h"

#include <cstdint>

namespace fb::runtime {

struct ProcessUsage {
    std::uint64_t residentBytes = 0;
    Duration processorTime{}; ///< of all threads, in the kernel as well
    std::uint64_t descriptors = 0;
    std::uint64_t descriptorsMax = 0;

    friend bool operator==(const ProcessUsage&, const ProcessUsage&) = default;
};

/// Reads it from the kernel; what the kernel does not tell is 0.
[[nodiscard]] ProcessUsage processUsage();

} // namespace fb::runtime
