// SPDX-License-Identifier: Apache-2.0
// The one place where a thread waits: descriptors that became ready, or a deadline. epoll(7), level-triggered, and
// ppoll(2) for the few that get a frame every microsecond.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/base/Instant.h"

#include <poll.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace fb::runtime {

/// What the caller uses to know its descriptors apart.
using PollToken = std::uint64_t;

enum class Interest : std::uint8_t {
    None,
    Read,
    Write,
    ReadWrite,
    /// As Read, for what gets very many frames. Whoever sends one pays for telling epoll(7) of it, also while nobody
    /// waits; ppoll(2) is told only while it does. Every wait() pays for each of these, so beyond kOftenMax it is Read.
    ReadOften,
};

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
    /// call. At most kReadyMax entries a call and those of ReadOften; the rest comes with the next one.
    [[nodiscard]] const std::vector<Ready>& wait(std::optional<Instant> deadline);

    /// Readable while wait() would return at once: lets another loop watch this one. Knows nothing of ReadOften.
    [[nodiscard]] int pollDescriptor() const { return m_epoll.get(); }

    static constexpr int kReadyMax = 64;
    static constexpr std::size_t kOftenMax = 32;

private:
    void waitForOften(std::optional<Instant> deadline);
    void takeFromEpoll(std::optional<Instant> deadline);
    [[nodiscard]] bool addOften(int descriptor, PollToken token);
    [[nodiscard]] bool removeOften(int descriptor);

    FileDescriptor m_epoll;
    std::vector<pollfd> m_often;          ///< of ppoll(2): the epoll descriptor, then those of ReadOften
    std::vector<PollToken> m_oftenTokens; ///< of the latter
    std::vector<Ready> m_ready;
};

} // namespace fb::runtime
