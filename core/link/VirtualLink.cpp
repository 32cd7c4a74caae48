// SPDX-License-Identifier: Apache-2.0
#include "core/link/VirtualLink.h"

#include "core/base/Assert.h"
#include "core/link/CarriedFrames.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace fb::link {

namespace {

constexpr int kQueueBytes = 212992; // the usual net.core.wmem_max: a larger wish would be cut to it

} // namespace

VirtualSegment::VirtualSegment(Config config) : m_config(std::move(config))
{
    for (std::size_t made = 0; made < m_config.interfaces.size(); ++made) {
        std::array<int, 2> pair{};
        FB_ASSERT(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) == 0);
        auto port = std::make_unique<Port>();
        port->in = FileDescriptor(pair[0]);
        port->out = FileDescriptor(pair[1]);
        port->seed = m_config.seed + made;
        FB_ASSERT(::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &kQueueBytes, sizeof kQueueBytes) == 0);
        m_ports.push_back(std::move(port));
    }
}

VirtualSegment::Port* VirtualSegment::find(const std::string& interface)
{
    const auto found = std::ranges::find(m_config.interfaces, interface);
    if (found == m_config.interfaces.end())
        return nullptr;
    return m_ports[static_cast<std::size_t>(found - m_config.interfaces.begin())].get();
}

void VirtualSegment::setState(const std::string& interface, VirtualState state)
{
    Port* const port = find(interface);
    FB_ASSERT(port != nullptr && port->state != VirtualState::Removed);
    port->state = state;
    if (state == VirtualState::Removed)
        ::shutdown(port->in.get(), SHUT_RDWR); // wakes the link's poller
}

VirtualLink::VirtualLink(VirtualSegment& segment, VirtualSegment::Port& port)
    : m_segment(segment),
      m_port(port),
      m_random(port.seed),
      m_frame(frameBytesMax(segment.config().mtu)),
      m_overflowsBefore(port.overflows)
{
    while (::recv(m_port.out.get(), m_frame.data(), m_frame.size(), 0) > 0) {
    }
}

VirtualLink::~VirtualLink()
{
    m_port.isOpen = false;
}

ReceiveOutcome VirtualLink::receive(Bytes& frame)
{
    if (m_port.state == VirtualState::Removed)
        return ReceiveOutcome::LinkGone;
    const ssize_t got = ::recv(m_port.out.get(), m_frame.data(), m_frame.size(), 0);
    if (got <= 0)
        return ReceiveOutcome::Empty;
    ++m_counters.framesReceived;
    frame = Bytes(m_frame).first(static_cast<std::size_t>(got));
    return ReceiveOutcome::Frame;
}

SendOutcome VirtualLink::send(Bytes frame)
{
    const VirtualState state = m_port.state;
    const bool fits = frame.size() >= wire::kEthernetHeaderBytes && frame.size() <= m_frame.size();
    if (state != VirtualState::Up || !fits) {
        ++m_counters.sendsDropped;
        return state == VirtualState::Removed ? SendOutcome::LinkGone : SendOutcome::Dropped;
    }
    ++m_counters.framesSent;
    for (const auto& receiver : m_segment.m_ports) {
        if (receiver.get() != &m_port && receiver->isOpen && receiver->state == VirtualState::Up)
            deliver(*receiver, frame);
    }
    return SendOutcome::Sent;
}

void VirtualLink::deliver(VirtualSegment::Port& receiver, Bytes frame)
{
    constexpr std::uint32_t kWhole = 1000;
    if (m_segment.config().lossPerMille > 0 && m_random.below(kWhole) < m_segment.config().lossPerMille)
        return;
    if (::send(receiver.in.get(), frame.data(), frame.size(), MSG_NOSIGNAL) < 0)
        ++receiver.overflows;
}

LinkCounters VirtualLink::counters() const
{
    LinkCounters counters = m_counters;
    counters.receivesDropped = m_port.overflows - m_overflowsBefore;
    return counters;
}

Result<std::unique_ptr<Link>, Error> VirtualLinkFactory::open(const std::string& interface)
{
    const auto failed = [&interface](ErrorCode code) { return failure(Error{.code = code, .context = interface}); };
    for (VirtualSegment& segment : m_segments) {
        VirtualSegment::Port* const port = segment.find(interface);
        if (port == nullptr)
            continue;
        if (port->state == VirtualState::Removed)
            return failed(ErrorCode::NoSuchInterface);
        if (port->state == VirtualState::Down)
            return failed(ErrorCode::InterfaceDown);
        if (port->isOpen.exchange(true))
            return failed(ErrorCode::InvalidArgument);
        return std::unique_ptr<Link>(std::make_unique<VirtualLink>(segment, *port));
    }
    return failed(ErrorCode::NoSuchInterface);
}

} // namespace fb::link
