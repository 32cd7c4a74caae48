// SPDX-License-Identifier: Apache-2.0
// The one place where a thread waits: descriptors that became ready, or a deadline. epoll(7), level-triggered.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/base/Instant.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace fb::runtime {

/// What the caller uses to know its descriptors apart.
using PollToken = std::uint64_t;

enum class Interest : std::uint8_t { None, Read, Write, ReadWrite };

struct Ready {
    PollToken token = 0;
    bool readable = false; ///< also on hang-up and error, so that a read finds out
    bool writable = false;
};

class Poller {
public:
    Poller();

    void add(int descriptor, PollToken token, Interest interest);
    void change(int descriptor, PollToken token, Interest interest);
    void remove(int descriptor);

    /// Waits until something is ready or the deadline has come; no deadline: for ever. The list is valid until the next
    /// call. At most kReadyMax entries a call; the rest comes with the next one.
    [[nodiscard]] const std::vector<Ready>& wait(std::optional<Instant> deadline);

    /// Readable while wait() would return at once: lets another loop watch this one.
    [[nodiscard]] int pollDescriptor() const { return m_epoll.get(); }

    static constexpr int kReadyMax = 64;

private:
    FileDescriptor m_epoll;
    std::vector<Ready> m_ready;
};

} // namespace fb::runtime
