// SPDX-License-Identifier: Apache-2.0
// What the buffers of all streams may hold beyond the little that each has of its own. A stream borrows while it is
// busy and gives back when it idles or ends, so a thousand streams cannot hold what a few fast ones need.
#pragma once

#include "core/base/Assert.h"

#include <cstddef>

namespace fb::stream {

class BufferBudget {
public:
    explicit BufferBudget(std::size_t bytesMax) : m_bytesMax(bytesMax) {}

    /// False if so much is not left.
    [[nodiscard]] bool take(std::size_t bytes)
    {
        if (bytes > m_bytesMax - m_taken)
            return false;
        m_taken += bytes;
        return true;
    }
    void give(std::size_t bytes)
    {
        FB_ASSERT(bytes <= m_taken);
        m_taken -= bytes;
    }
    [[nodiscard]] std::size_t taken() const { return m_taken; }

private:
    std::size_t m_bytesMax;
    std::size_t m_taken = 0;
};

} // namespace fb::stream
