// SPDX-License-Identifier: Apache-2.0
#include "core/agent/MessageChannel.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace fb::agent {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kDescriptorsPerRead = 8;

Error broken(int systemErrno)
{
    return Error{ErrorCode::AgentUnavailable, "control socket", systemErrno};
}

/// sendmsg(2) with at most one descriptor beside the bytes.
ssize_t sendSome(int socket, Bytes bytes, int descriptor)
{
    iovec piece{.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (descriptor >= 0) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        auto* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(rights), &descriptor, sizeof(int));
    }
    ssize_t sent = -1;
    do
        sent = ::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent;
}

} // namespace

MessageChannel::MessageChannel(FileDescriptor socket, Descriptors descriptors, Limits limits)
    : m_socket(std::move(socket)), m_descriptors(descriptors), m_limits(limits)
{
}

Result<void, Error> MessageChannel::send(std::string_view text, FileDescriptor descriptor)
{
    if (text.size() > m_limits.textBytesMax)
        return failure(Error{ErrorCode::LimitReached, "size of a control message"});
    if (m_queuedBytes + text.size() > m_limits.queuedBytesMax)
        return failure(Error{ErrorCode::LimitReached, "control messages that the other side has not read"});
    Outgoing outgoing;
    wire::Encoder(outgoing.bytes).integer(static_cast<std::uint32_t>(text.size()));
    outgoing.bytes.insert(outgoing.bytes.end(), text.begin(), text.end());
    outgoing.descriptor = std::move(descriptor);
    m_queuedBytes += outgoing.bytes.size();
    m_outgoing.push_back(std::move(outgoing));
    return flush();
}

Result<void, Error> MessageChannel::flush()
{
    while (!m_outgoing.empty()) {
        auto& first = m_outgoing.front();
        const auto sent = sendSome(m_socket.get(), Bytes(first.bytes).subspan(first.sent), first.descriptor.get());
        if (sent < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                return {};
            return failure(broken(errno));
        }
        first.descriptor.reset(); // it went with the first byte
        first.sent += static_cast<std::size_t>(sent);
        m_queuedBytes -= static_cast<std::size_t>(sent);
        if (first.sent == first.bytes.size())
            m_outgoing.pop_front();
    }
    return {};
}

Result<std::optional<std::string>, Error> MessageChannel::receive()
{
    for (;;) {
        const auto waiting = Bytes(m_incoming).subspan(m_taken);
        if (waiting.size() >= kLengthBytes) {
            wire::Decoder decoder(waiting);
            std::uint32_t length = 0;
            decoder.integer(length);
            if (length > m_limits.textBytesMax)
                return failure(Error{ErrorCode::InvalidArgument, "a control message is too large"});
            if (waiting.size() - kLengthBytes >= length) {
                auto text = textOf(waiting.subspan(kLengthBytes, length));
                m_taken += kLengthBytes + length;
                return std::optional<std::string>(std::move(text));
            }
        }
        const auto more = readMore();
        if (!more)
            return failure(more.error());
        if (!*more)
            return std::optional<std::string>();
    }
}

Result<bool, Error> MessageChannel::readMore()
{
    m_incoming.erase(m_incoming.begin(), m_incoming.begin() + static_cast<std::ptrdiff_t>(m_taken));
    m_taken = 0;
    const auto had = m_incoming.size();
    m_incoming.resize(had + kReadBytes);
    iovec piece{.iov_base = m_incoming.data() + had, .iov_len = kReadBytes};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorsPerRead * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &piece;
    header.msg_iovlen = 1;
    if (m_descriptors == Descriptors::Accept) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
    }
    ssize_t got = -1;
    do
        got = ::recvmsg(m_socket.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    const int problem = errno;
    m_incoming.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) {
        if (m_descriptors == Descriptors::Accept && !keepDescriptors(&header))
            return failure(Error{ErrorCode::InvalidArgument, "more descriptors than messages that own one"});
        return true;
    }
    if (got < 0 && (problem == EAGAIN || problem == EWOULDBLOCK))
        return false;
    return failure(broken(got < 0 ? problem : 0));
}

bool MessageChannel::keepDescriptors(void* messageHeader)
{
    auto& header = *static_cast<msghdr*>(messageHeader);
    for (auto* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        const auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int descriptor = -1;
            std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
            m_received.emplace_back(descriptor);
        }
    }
    return m_received.size() <= kDescriptorsMax && (header.msg_flags & MSG_CTRUNC) == 0;
}

FileDescriptor MessageChannel::takeDescriptor()
{
    if (m_received.empty())
        return {};
    auto descriptor = std::move(m_received.front());
    m_received.pop_front();
    return descriptor;
}

} // namespace fb::agent
