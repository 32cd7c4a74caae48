// SPDX-License-Identifier: Apache-2.0
// Where an engine's random numbers come from: the system in a program, a seed in the simulator.
#pragma once

#include <cstdint>

namespace fb {

class RandomSource {
public:
    virtual ~RandomSource() = default;

    /// Thirty-two unpredictable bits (predictable by its seed in a simulation).
    [[nodiscard]] virtual std::uint32_t next32() = 0;

    /// A number in [0, bound); bound must not be 0.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound)
    {
        return static_cast<std::uint32_t>((std::uint64_t{next32()} * bound) >> 32U);
    }
};

} // namespace fb
