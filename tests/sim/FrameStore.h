// SPDX-License-Identifier: Apache-2.0
// Frames under way, each kept once however many receivers it has. Storage is used again: a simulation allocates as much
// as it has frames in the air at one moment.
#pragma once

#include "core/base/Bytes.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace fb::sim {

class FrameStore {
public:
    using Handle = std::uint32_t;

    /// Kept until every share() and this put() were matched by a release().
    [[nodiscard]] Handle put(Bytes frame)
    {
        if (m_free.empty()) {
            m_free.push_back(static_cast<Handle>(m_frames.size()));
            m_frames.emplace_back();
        }
        const Handle handle = m_free.back();
        m_free.pop_back();
        m_frames[handle].bytes.assign(frame.begin(), frame.end());
        m_frames[handle].owners = 1;
        return handle;
    }

    void share(Handle handle) { ++m_frames[handle].owners; }
    void release(Handle handle)
    {
        if (--m_frames[handle].owners == 0)
            m_free.push_back(handle);
    }

    [[nodiscard]] Bytes operator[](Handle handle) const { return m_frames[handle].bytes; }
    [[nodiscard]] std::size_t underWay() const { return m_frames.size() - m_free.size(); }

private:
    struct Frame {
        ByteVector bytes;
        std::uint32_t owners = 0;
    };
    std::vector<Frame> m_frames;
    std::vector<Handle> m_free;
};

} // namespace fb::sim
