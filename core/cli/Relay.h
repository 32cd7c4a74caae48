// SPDX-License-Identifier: Apache-2.0
// Moves bytes between a pair of descriptors and a stream's socket, both ways at once: at most kBufferBytes wait in each
// direction, so a slow reader slows the writer down, and the end of one direction leaves the other one open.
#pragma once

#include "core/base/FileDescriptor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace fb::cli {

struct RelayEnds {
    int in = 0;  ///< read from; its end is passed on to the stream
    int out = 1; ///< written to; closed when the stream has ended, so that the reader sees it
    FileDescriptor socket;
};

class Relay {
public:
    enum class Watched { Nothing, StreamIsOver, Stop };

    explicit Relay(RelayEnds ends);

    /// Called when the watched descriptor is readable: what the relay should do about it.
    using OnReadable = std::function<Watched()>;

    /// Runs until the stream is over and its bytes are delivered, `out` takes no more, or it is told to stop. Both
    /// descriptors may be -1. A stream that both sides have closed is over only when the agent says so.
    void run(int serviceDescriptor, const OnReadable& onService, int interruptDescriptor);

    static constexpr std::size_t kBufferBytes = 65536;

private:
    struct Direction {
        std::array<std::uint8_t, kBufferBytes> buffer{};
        std::size_t begin = 0;
        std::size_t end = 0;
        bool isSourceDone = false;

        [[nodiscard]] bool isEmpty() const { return begin == end; }
        void readFrom(int descriptor);
    };

    [[nodiscard]] bool isFinished() const;
    void writeUp();
    void writeDown();

    RelayEnds m_ends;
    Direction m_up;   ///< in to socket
    Direction m_down; ///< socket to out
    bool m_upClosed = false;
    bool m_downClosed = false;
    bool m_isOver = false;
    bool m_isBroken = false;
};

} // namespace fb::cli
