// SPDX-License-Identifier: Apache-2.0
#include "core/base/FileDescriptor.h"
#include "tests/bench/chain/Floor.h"
#include "tests/bench/chain/PacketSocket.h"

#include <sys/socket.h>

#include <algorithm>

namespace fb::bench {

namespace {

constexpr std::size_t kBatch = 32;
constexpr std::size_t kFrameBytesMax = 1600;

class RawFloor final : public Floor {
public:
    RawFloor(const std::array<std::string, 2>& interfaces, Detour detour)
        : m_sockets{openPacketSocket(interfaces[0], kEveryEtherType), openPacketSocket(interfaces[1], kEveryEtherType)},
          m_detour(std::move(detour))
    {
        for (std::size_t slot = 0; slot < kBatch; ++slot) {
            m_parts[slot] = {.iov_base = m_frames[slot].data(), .iov_len = kFrameBytesMax};
            m_messages[slot].msg_hdr.msg_iov = &m_parts[slot];
            m_messages[slot].msg_hdr.msg_iovlen = 1;
        }
    }

    [[nodiscard]] std::array<int, 2> descriptors() const override { return {m_sockets[0].get(), m_sockets[1].get()}; }

    void drain(std::size_t from) override
    {
        for (;;) {
            for (iovec& part : m_parts)
                part.iov_len = kFrameBytesMax;
            const int taken = ::recvmmsg(m_sockets[from].get(), m_messages.data(), kBatch, MSG_DONTWAIT, nullptr);
            if (taken <= 0)
                return;
            forward(from, static_cast<std::size_t>(taken));
            if (taken < static_cast<int>(kBatch))
                return; // a full socket would have filled the batch
        }
    }

    void send(std::size_t to, Bytes frame) override
    {
        (void)::send(m_sockets[to].get(), frame.data(), frame.size(), 0);
        ++m_forwarded;
    }

    [[nodiscard]] std::uint64_t forwarded() const override { return m_forwarded; }

private:
    void forward(std::size_t from, std::size_t count)
    {
        for (std::size_t slot = 0; slot < count; ++slot) {
            m_parts[slot].iov_len = m_messages[slot].msg_len;
            m_touched = static_cast<std::uint8_t>(m_touched ^ m_frames[slot][0]);
            if (m_detour)
                m_detour(from, Bytes(m_frames[slot]).first(m_messages[slot].msg_len));
        }
        if (m_detour)
            return;
        for (std::size_t sent = 0; sent < count;) {
            const int taken =
                ::sendmmsg(m_sockets[1 - from].get(), &m_messages[sent], static_cast<unsigned>(count - sent), 0);
            sent += static_cast<std::size_t>(std::max(taken, 1)); // one that cannot be sent is lost
        }
        m_forwarded += count;
    }

    std::array<FileDescriptor, 2> m_sockets;
    Detour m_detour;
    std::array<std::array<std::uint8_t, kFrameBytesMax>, kBatch> m_frames{};
    std::array<iovec, kBatch> m_parts{};
    std::array<mmsghdr, kBatch> m_messages{};
    std::uint64_t m_forwarded = 0;
    volatile std::uint8_t m_touched = 0;
};

} // namespace

std::unique_ptr<Floor> Floor::overRaw(const std::array<std::string, 2>& interfaces, Detour detour)
{
    return std::make_unique<RawFloor>(interfaces, std::move(detour));
}

} // namespace fb::bench
