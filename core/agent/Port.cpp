// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Port.h"

namespace fb::agent {

namespace {

/// How soon a link that had no room is tried again: about what its ring needs to drain.
constexpr Duration kRetryAfter = std::chrono::milliseconds(1);
/// How soon a link that could not be opened is tried again when nothing about its interface changes.
constexpr Duration kReopenAfter = std::chrono::seconds(5);

} // namespace

bool PortFacts::sameAs(const PortFacts& other) const
{
    return config.interface == other.config.interface && config.mac == other.config.mac &&
           config.l2Mtu == other.config.l2Mtu && config.cost == other.config.cost &&
           config.segment == other.config.segment && use == other.use;
}

Ports::Port::Port(const Surroundings& with, overlay::PortId id, PortFacts facts, Instant now)
    : m_with(with), m_id(id), m_facts(std::move(facts))
{
    m_with.overlay.addPort(m_id, m_facts.config, now);
    m_with.overlay.portChanged(m_id, m_state, now);
}

Ports::Port::~Port() = default;

void Ports::Port::remove(Instant now)
{
    close();
    m_with.overlay.removePort(m_id, now);
}

void Ports::Port::update(Presence presence, Instant now)
{
    if (m_facts.use == PortRule::Use::Forbid) {
        setState(overlay::PortState::Forbidden, "", now);
    } else if (presence == Presence::Missing) {
        close();
        setState(overlay::PortState::Missing, "there is no such interface", now);
    } else if (presence == Presence::Down) {
        // The link stays: it works again by itself when the interface is up.
        setState(overlay::PortState::Down, "the interface is down", now);
    } else if (m_link) {
        setState(overlay::PortState::Up, "", now);
    } else {
        open(now);
    }
}

void Ports::Port::open(Instant now)
{
    m_reopenAt.reset();
    m_openError.reset();
    auto opened = m_with.links.open(m_facts.config.interface);
    if (opened) {
        m_link = std::move(*opened);
        m_watch.emplace(m_with.loop, m_link->pollDescriptor(), runtime::Interest::ReadOften,
                        static_cast<Loop::Handler&>(*this));
        setState(overlay::PortState::Up, "", now);
        return;
    }
    m_reopenAt = now + kReopenAfter;
    const auto& error = opened.error();
    if (error.code == ErrorCode::InterfaceDown)
        setState(overlay::PortState::Down, "the interface is down", now);
    else
        setState(overlay::PortState::Failed, describe(error), now);
    m_openError = error;
}

void Ports::Port::close()
{
    m_watch.reset();
    if (m_link) {
        const auto counters = m_link->counters();
        m_droppedByClosed += counters.sendsDropped + counters.receivesDropped;
    }
    m_link.reset();
    m_backlog = false;
    m_reopenAt.reset();
}

void Ports::Port::setState(overlay::PortState state, std::string problem, Instant now)
{
    if (problem != m_problem && state == overlay::PortState::Failed)
        m_with.log(LogLevel::Warning, "port " + m_facts.config.interface + ": " + problem);
    else if (state != m_state)
        m_with.log(LogLevel::Info, "port " + m_facts.config.interface + ": " +
                                       (state == overlay::PortState::Up ? "up"
                                        : problem.empty()               ? "not used"
                                                                        : problem));
    m_problem = std::move(problem);
    if (state == m_state)
        return;
    m_state = state;
    m_with.overlay.portChanged(m_id, state, now);
}

void Ports::Port::send(overlay::Transmit transmit, Instant now)
{
    if (!m_link || m_state != overlay::PortState::Up)
        return;
    m_queue.push(std::move(transmit), now);
    if (m_queue.size() >= link::Link::kFramesPerSend)
        flush(now);
}

void Ports::Port::flush(Instant now)
{
    if (m_queue.empty() || m_retryAt)
        return;
    auto outcome = link::SendOutcome::Sent;
    const auto send = [&](std::span<const Bytes> frames) {
        const auto sent = m_link ? m_link->sendMany(frames) : link::SentFrames{.outcome = link::SendOutcome::LinkGone};
        outcome = sent.outcome;
        return sent.count;
    };
    m_queue.drain(now, send, [this](ByteVector frame) { m_with.overlay.recycle(std::move(frame)); });
    if (outcome == link::SendOutcome::LinkGone) {
        m_queue.discard(); // nothing will ever take what is meant for an interface that has gone
        if (m_link) {
            close();
            m_reopenAt = now;
        }
    }
    if (m_queue.isBlocked())
        m_retryAt = now + kRetryAfter;
}

void Ports::Port::advance(Instant now)
{
    if (m_retryAt && *m_retryAt <= now) {
        m_retryAt.reset();
        flush(now);
    }
    if (m_backlog)
        receive(now);
    if (m_reopenAt && *m_reopenAt <= now) {
        if (m_link || m_state == overlay::PortState::Missing)
            m_reopenAt.reset();
        else
            open(now);
    }
}

std::optional<Instant> Ports::Port::nextDeadline() const
{
    if (m_backlog)
        return Instant{}; // in the past: the loop looks at its descriptors and does not wait
    if (m_retryAt && m_reopenAt)
        return std::min(*m_retryAt, *m_reopenAt);
    return m_retryAt ? m_retryAt : m_reopenAt;
}

std::uint64_t Ports::Port::droppedBelow() const
{
    auto dropped = m_droppedByClosed + m_queue.dropped();
    if (m_link)
        dropped += m_link->counters().receivesDropped;
    return dropped;
}

void Ports::Port::ready(const runtime::Ready&, Instant now)
{
    receive(now);
}

void Ports::Port::receive(Instant now)
{
    m_backlog = false;
    for (int taken = 0; m_link; ++taken) {
        if (taken == kFramesPerTurn) {
            m_backlog = true; // some links keep frames where poll cannot see them
            return;
        }
        Bytes frame;
        switch (m_link->receive(frame)) {
        case link::ReceiveOutcome::Frame:
            m_with.overlay.receive(m_id, frame, now);
            break;
        case link::ReceiveOutcome::Empty:
            return;
        case link::ReceiveOutcome::LinkGone:
            // The monitor tells whether the interface is really gone; until then it is worth a try.
            close();
            setState(overlay::PortState::Failed, "the interface disappeared", now);
            m_reopenAt = now + kReopenAfter;
            return;
        }
    }
}

} // namespace fb::agent
