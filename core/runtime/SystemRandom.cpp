// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/SystemRandom.h"

#include "core/base/Assert.h"

#include <sys/random.h>

#include <cerrno>
#include <span>

namespace fb::runtime {

std::uint32_t SystemRandom::next32()
{
    if (m_used == m_pool.size()) {
        std::span<std::byte> missing = std::as_writable_bytes(std::span(m_pool));
        while (!missing.empty()) {
            const ssize_t got = ::getrandom(missing.data(), missing.size(), 0);
            FB_ASSERT(got >= 0 || errno == EINTR);
            if (got > 0)
                missing = missing.subspan(static_cast<std::size_t>(got));
        }
        m_used = 0;
    }
    return m_pool[m_used++];
}

} // namespace fb::runtime
