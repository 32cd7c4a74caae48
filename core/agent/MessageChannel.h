// SPDX-License-Identifier: Apache-2.0
// Texts over a connected Unix stream socket, without blocking: four bytes of length, big-endian, then that many bytes.
// A descriptor travels with the first byte of the text that owns it. Both queues are bounded. One thread.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace fb::agent {

class MessageChannel {
public:
    static constexpr std::size_t kTextBytesMax = 16U << 20U;
    static constexpr std::size_t kDescriptorsMax = 64; ///< received and not yet taken

    /// What a peer may hand over. Refused descriptors are closed by the kernel.
    enum class Descriptors { Accept, Refuse };

    struct Limits {
        std::size_t textBytesMax = kTextBytesMax;
        std::size_t queuedBytesMax = 2 * kTextBytesMax; ///< sent and not yet taken by the kernel
    };

    /// The socket must not block.
    MessageChannel(FileDescriptor socket, Descriptors descriptors, Limits limits);

    [[nodiscard]] int pollDescriptor() const { return m_socket.get(); }

    /// Queues a text and sends what fits. Fails with LimitReached if the peer does not read, AgentUnavailable if the
    /// connection is broken.
    [[nodiscard]] Result<void, Error> send(std::string_view text, FileDescriptor descriptor);
    /// Sends more of what is queued; to be called when the socket is writable.
    [[nodiscard]] Result<void, Error> flush();
    [[nodiscard]] bool wantsToWrite() const { return !m_outgoing.empty(); }
    [[nodiscard]] std::size_t queuedBytes() const { return m_queuedBytes; }

    /// The next whole text; none if more bytes must come first. Fails with InvalidArgument (a length that is not
    /// allowed), AgentUnavailable (the peer has gone).
    [[nodiscard]] Result<std::optional<std::string>, Error> receive();
    /// The oldest descriptor received and not yet taken; not open if there is none.
    [[nodiscard]] FileDescriptor takeDescriptor();

private:
    struct Outgoing {
        ByteVector bytes;
        std::size_t sent = 0;
        FileDescriptor descriptor;
    };

    [[nodiscard]] Result<bool, Error> readMore();
    [[nodiscard]] bool keepDescriptors(void* messageHeader);

    FileDescriptor m_socket;
    Descriptors m_descriptors;
    Limits m_limits;
    std::deque<Outgoing> m_outgoing;
    std::size_t m_queuedBytes = 0;
    ByteVector m_incoming;
    std::size_t m_taken = 0; ///< bytes of m_incoming that are done with
    std::deque<FileDescriptor> m_received;
};

} // namespace fb::agent
