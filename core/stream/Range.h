// SPDX-License-Identifier: Apache-2.0
// A run of stream offsets, end excluded.
#pragma once

#include <cstdint>

namespace fb::stream {

struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    friend bool operator==(const Range&, const Range&) = default;
};

} // namespace fb::stream
