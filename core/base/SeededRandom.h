// SPDX-License-Identifier: Apache-2.0
// The random numbers of simulations, tests and fuzzers: one seed, one sequence (SplitMix64). Never for secrets.
#pragma once

#include "core/base/RandomSource.h"

namespace fb {

class SeededRandom final : public RandomSource {
public:
    explicit SeededRandom(std::uint64_t seed) : m_state(seed) {}

    [[nodiscard]] std::uint32_t next32() override
    {
        m_state += 0x9e3779b97f4a7c15ULL;
        std::uint64_t mixed = m_state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
        return static_cast<std::uint32_t>((mixed ^ (mixed >> 31U)) >> 32U);
    }

private:
    std::uint64_t m_state;
};

} // namespace fb
