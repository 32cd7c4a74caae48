// SPDX-License-Identifier: Apache-2.0
// The operating system's random numbers (getrandom(2)), buffered.
#pragma once

#include "core/base/RandomSource.h"

#include <array>
#include <cstddef>

namespace fb::runtime {

class SystemRandom final : public RandomSource {
public:
    [[nodiscard]] std::uint32_t next32() override;

private:
    std::array<std::uint32_t, 64> m_pool{};
    std::size_t m_used = 64;
};

} // namespace fb::runtime
