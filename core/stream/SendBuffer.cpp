// SPDX-License-Identifier: Apache-2.0
#include "core/stream/SendBuffer.h"

#include <algorithm>

namespace fb::stream {

std::size_t SendBuffer::write(Bytes bytes)
{
    const std::size_t taken = std::min(bytes.size(), m_bytesMax - std::min(m_bytesMax, size()));
    m_ring.store(m_ring.end(), bytes.first(taken));
    return taken;
}

void SendBuffer::appendTo(ByteVector& frame, std::uint64_t offset, std::size_t count) const
{
    const auto [first, second] = m_ring.view(offset, count);
    frame.insert(frame.end(), first.begin(), first.end());
    frame.insert(frame.end(), second.begin(), second.end());
}

} // namespace fb::stream
