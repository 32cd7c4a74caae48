// SPDX-License-Identifier: Apache-2.0
// Answers waiting for the far end. A far end that asks without end and never reads must not fill memory: an answer that
// does not fit is dropped whole and counted.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Counters.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace fb::terminal {

class Replies {
public:
    Replies(std::size_t bytesMax, Counters& counters) : m_bytesMax(bytesMax), m_counters(counters) {}

    void add(std::string_view reply)
    {
        if (m_bytes.size() + reply.size() > m_bytesMax) {
            m_counters.replyBytesDropped += reply.size();
            return;
        }
        m_bytes.insert(m_bytes.end(), reply.begin(), reply.end());
    }
    [[nodiscard]] ByteVector take() { return std::exchange(m_bytes, {}); }

private:
    std::size_t m_bytesMax;
    Counters& m_counters;
    ByteVector m_bytes;
};

} // namespace fb::terminal
