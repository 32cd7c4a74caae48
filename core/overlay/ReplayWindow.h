// SPDX-License-Identifier: Apache-2.0
// Which frames of one session were heard: a window that slides with the highest number, as in RFC 6479. What lies
// behind it counts as heard.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fb::overlay {

class ReplayWindow {
public:
    /// Room for what may overtake: bulk waits up to 20 ms in a port's queue while interactive frames pass.
    static constexpr std::uint32_t kFrames = 2048;

    /// Everything below `first` counts as heard.
    explicit ReplayWindow(std::uint32_t first);

    /// False if the frame was heard before, or if that is not known any more.
    [[nodiscard]] bool take(std::uint32_t counter);

private:
    static constexpr std::uint32_t kWordBits = 64;
    static constexpr std::uint32_t kWords = kFrames / kWordBits + 1; ///< the newest one is filled only in part

    std::array<std::uint64_t, kWords> m_heard{};
    std::uint64_t m_first;
    std::uint64_t m_next;       ///< one above the highest heard
    std::uint64_t m_newestWord; ///< as if the words of all numbers stood in a row
};

} // namespace fb::overlay
