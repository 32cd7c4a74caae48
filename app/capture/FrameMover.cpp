// SPDX-License-Identifier: Apache-2.0
#include "app/capture/FrameMover.h"

#include "core/link/CarriedFrames.h"
#include "core/wire/Ethernet.h"

#include <sys/socket.h>

#include <cerrno>

namespace fb::capture {

namespace {

// Frames of one direction before the other one gets its turn.
constexpr int kFramesPerTurn = 64;

constexpr runtime::PollToken kLinkToken = 1;
constexpr runtime::PollToken kClientToken = 2;

} // namespace

FrameMover::FrameMover(std::unique_ptr<link::Link> link, MacAddress own, FileDescriptor client)
    : m_link(std::move(link)), m_own(own), m_client(std::move(client)), m_frame(link::kFrameBytesMax)
{
    m_poller.add(m_link->pollDescriptor(), kLinkToken, runtime::Interest::ReadOften);
    m_poller.add(m_client.get(), kClientToken, runtime::Interest::Read);
}

Ending FrameMover::run()
{
    for (;;) {
        const auto deadline = m_hasMore ? std::optional(Instant{}) : std::nullopt;
        for (const runtime::Ready& ready : m_poller.wait(deadline)) {
            if (ready.token == kLinkToken && moveToClient() == Side::Ended)
                return Ending::InterfaceGone;
            if (ready.token == kClientToken && moveToLink() == Side::Ended)
                return Ending::ClientClosed;
        }
        if (m_hasMore && moveToClient() == Side::Ended)
            return Ending::InterfaceGone;
        report();
    }
}

FrameMover::Side FrameMover::moveToClient()
{
    m_hasMore = false;
    for (int moved = 0; moved < kFramesPerTurn; ++moved) {
        Bytes frame;
        switch (m_link->receive(frame)) {
        case link::ReceiveOutcome::Empty:
            return Side::Goes;
        case link::ReceiveOutcome::LinkGone:
            return Side::Ended;
        case link::ReceiveOutcome::Frame:
            if (::send(m_client.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
                ++m_overflowed;
        }
    }
    m_hasMore = true; // perhaps where poll cannot see it
    return Side::Goes;
}

FrameMover::Side FrameMover::moveToLink()
{
    for (int moved = 0; moved < kFramesPerTurn; ++moved) {
        // MSG_TRUNC tells the packet's whole length, so that one that was cut is not taken for a shorter frame.
        const ssize_t got = ::recv(m_client.get(), m_frame.data(), m_frame.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return Side::Goes;
        if (got <= 0)
            return Side::Ended;
        const auto size = static_cast<std::size_t>(got);
        if (size > m_frame.size() || !mayBeSent(Bytes(m_frame).first(size)))
            ++m_refused;
        else if (m_link->send(Bytes(m_frame).first(size)) == link::SendOutcome::LinkGone)
            return Side::Ended;
    }
    return Side::Goes;
}

bool FrameMover::mayBeSent(Bytes frame) const
{
    const auto decoded = wire::decodeEthernet(frame);
    return decoded && decoded->header.etherType == link::kCarriedEtherType && decoded->header.source == m_own;
}

void FrameMover::report()
{
    const link::LinkCounters counters = m_link->counters();
    const link::CaptureReport current{
        .sendsDropped = static_cast<std::uint32_t>(counters.sendsDropped) + m_refused,
        .receivesDropped = static_cast<std::uint32_t>(counters.receivesDropped) + m_overflowed,
    };
    if (current == m_reported)
        return;
    const ByteVector packet = encodeCaptureReport(current);
    const bool isTold = ::send(m_client.get(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    if (isTold)
        m_reported = current;
    // What is dropped last must not stay untold because nothing happens after it.
    m_poller.change(m_client.get(), kClientToken, isTold ? runtime::Interest::Read : runtime::Interest::ReadWrite);
}

} // namespace fb::capture
