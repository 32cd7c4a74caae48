// SPDX-License-Identifier: Apache-2.0
// What happens on the virtual wire, one step at a time.
#include "core/romon/Messages.h"
#include "tests/sim/SimNet.h"
#include "tests/sim/SimNode.h"

#include <algorithm>
#include <cstring>

namespace fb::sim {

namespace {

/// While a node is frozen its network card keeps so many frames.
constexpr std::size_t kHeldFramesMax = 256;
/// Turns of one node at one and the same instant: more is a loop that waits for nothing.
constexpr int kTurnsPerInstantMax = 8;
constexpr std::uint64_t kStepsPerLook = 512;

bool isStreamData(Bytes frame)
{
    constexpr std::size_t kTypeAt = 14;
    constexpr std::size_t kCountAt = 54;
    if (frame.size() <= kCountAt || frame[kTypeAt] != static_cast<std::uint8_t>(romon::MessageType::Data))
        return false;
    const std::size_t portsAt = kCountAt + 6 + std::size_t{frame[kCountAt]} * 10;
    if (frame.size() < portsAt + 4)
        return false;
    const auto portAt = [&](std::size_t at) { return (unsigned{frame[at]} << 8U) | frame[at + 1]; };
    // Data of the overlay itself: an echo has its port at one end, private messages have theirs at both.
    const auto isPrivate = [](unsigned port) { return port >= 0xfb00; };
    const unsigned from = portAt(portsAt);
    const unsigned to = portAt(portsAt + 2);
    return from != romon::kPingPort && to != romon::kPingPort && !(isPrivate(from) && isPrivate(to));
}

} // namespace

void SimNet::settle(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    if (node.stack)
        drainStack(index);
    else if (node.engine)
        drainOverlay(index);
    updateDeadline(index);
}

void SimNet::drainStack(NodeIndex index)
{
    Node& node = *m_nodes[index];
    const Instant local = localNow(index);
    for (bool isBusy = true; isBusy;) {
        isBusy = false;
        while (auto transmit = node.stack->nextTransmit(local))
            send(index, std::move(*transmit));
        while (const auto event = node.stack->nextEvent(local)) {
            isBusy = true;
            if (m_user != nullptr)
                m_user->event(index, *event, local);
        }
    }
}

void SimNet::drainOverlay(NodeIndex index)
{
    Node& node = *m_nodes[index];
    while (auto event = node.engine->nextEvent()) {
        if (node.upper)
            node.upper->event(*node.engine, *event, localNow(index));
        node.events.push_back(std::move(*event));
    }
    while (auto transmit = node.engine->nextTransmit())
        send(index, std::move(*transmit));
}

void SimNet::send(NodeIndex index, overlay::Transmit transmit)
{
    const SegmentIndex segment = m_nodes[index]->ports.at(transmit.port).segment;
    const SentFrame sent{
        .when = m_now, .segment = segment, .node = index, .port = transmit.port, .frame = std::move(transmit.frame)};
    trace((std::uint64_t{index} << 32U) | sent.port, sent.frame);
    checkFrame(sent);
    if (m_observer)
        m_observer(sent);
    if (m_eavesdropper)
        m_eavesdropper(sent);
    carry(segment, &memberOf(index, sent.port), sent.frame);
}

void SimNet::updateDeadline(NodeIndex index)
{
    const Node& node = *m_nodes.at(index);
    std::optional<Instant> deadline;
    if (node.isRunning() && node.motion == Node::Motion::Running) {
        deadline = node.stack ? node.stack->nextDeadline() : node.engine->nextDeadline();
        const auto upper = node.upper ? node.upper->nextDeadline() : std::nullopt;
        if (upper && (!deadline || *upper < *deadline))
            deadline = upper;
    }
    m_agenda.setDeadline(static_cast<std::uint32_t>(index),
                         deadline ? std::optional(node.clock.truthOf(*deadline)) : std::nullopt);
}

bool SimNet::happens(double probability)
{
    constexpr double kRange = 4294967296.0;
    return probability > 0 && m_random.next32() < probability * kRange;
}

void SimNet::inject(SegmentIndex segment, Bytes frame)
{
    if (m_injected)
        m_injected({.when = m_now, .segment = segment, .frame = ByteVector(frame.begin(), frame.end())});
    trace(segment, frame);
    carry(segment, nullptr, frame);
}

/// How long a frame waits until the segment is free; nothing if its queue is too long.
std::optional<Duration> SimNet::waitForTurn(Segment& segment, std::size_t bytes)
{
    if (segment.conditions.bytesPerSecond == 0)
        return Duration(0);
    const Duration own(static_cast<Duration::rep>(bytes * 1'000'000 / segment.conditions.bytesPerSecond));
    const Instant free = std::max(segment.busyUntil, m_now);
    if (free - m_now > segment.conditions.queueMax)
        return std::nullopt;
    segment.busyUntil = free + own;
    return segment.busyUntil - m_now;
}

/// A switch: group frames to everybody else, others to the port with the address.
void SimNet::carry(SegmentIndex index, const Member* sender, Bytes frame)
{
    Segment& segment = m_segments.at(index);
    if (segment.state == Segment::State::Cut || (sender != nullptr && sender->voice == Voice::Mute))
        return;
    const auto wait = waitForTurn(segment, frame.size());
    if (!wait)
        return;
    MacAddress destination;
    MacAddress source;
    std::copy_n(frame.begin(), 6, destination.octets.begin());
    std::copy_n(frame.begin() + 6, 6, source.octets.begin());
    const auto handle = m_frames.put(frame);
    for (const auto& member : segment.members) {
        if (member.mac == source || (!destination.isGroup() && member.mac != destination))
            continue;
        if (member.ears == Ears::Deaf)
            continue;
        if (m_oneSide && sender != nullptr && m_oneSide->contains(sender->node) != m_oneSide->contains(member.node))
            continue;
        if (happens(segment.conditions.loss))
            continue;
        deliverLater(segment, member, handle, *wait);
        if (happens(segment.conditions.duplicate))
            deliverLater(segment, member, handle, *wait);
    }
    m_frames.release(handle);
}

void SimNet::deliverLater(const Segment& segment, const Member& to, FrameStore::Handle frame, Duration wait)
{
    const auto& conditions = segment.conditions;
    const auto spread = (conditions.delayMax - conditions.delayMin).count();
    const Duration jitter(spread > 0 ? m_random.below(static_cast<std::uint32_t>(spread)) : 0);
    Delivery delivery{.when = m_now + wait + conditions.delayMin + jitter,
                      .node = static_cast<std::uint32_t>(to.node),
                      .port = to.port,
                      .frame = frame};
    if (happens(conditions.corrupt)) {
        // The stream's format has no checksum of its own: Ethernet's keeps damage away from it.
        if (isStreamData(m_frames[frame]))
            return;
        ByteVector damaged(m_frames[frame].begin(), m_frames[frame].end());
        damage(damaged);
        delivery.frame = m_frames.put(damaged);
    } else {
        m_frames.share(frame);
    }
    m_agenda.enter(delivery);
}

void SimNet::damage(ByteVector& frame)
{
    const auto at = m_random.below(static_cast<std::uint32_t>(frame.size()));
    if (happens(0.2))
        frame.resize(at);
    else
        frame[at] = static_cast<std::uint8_t>(frame[at] ^ (1U << m_random.below(8)));
}

void SimNet::trace(std::uint64_t what, Bytes bytes)
{
    // Eight bytes a multiplication: a byte at a time this would be a tenth of a simulation.
    const auto mix = [this](std::uint64_t value) {
        m_traceHash = (m_traceHash ^ value) * 0x9e3779b97f4a7c15ULL;
        m_traceHash ^= m_traceHash >> 29U;
    };
    mix(static_cast<std::uint64_t>(m_now.time_since_epoch().count()));
    mix(what);
    mix(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
        mix(word);
    }
}

void SimNet::deliver(const Delivery& delivery)
{
    Node& node = *m_nodes[delivery.node];
    if (node.isRunning() && node.motion == Node::Motion::Frozen && node.held.size() < kHeldFramesMax) {
        node.held.push_back({.port = delivery.port, .frame = delivery.frame});
        return;
    }
    if (node.isRunning() && node.motion == Node::Motion::Running) {
        const Bytes frame = m_frames[delivery.frame];
        constexpr std::size_t kTypeAt = 14;
        if (frame.size() > kTypeAt && frame[kTypeAt] == static_cast<std::uint8_t>(romon::MessageType::Data))
            ++node.data.heard;
        else if (frame.size() > kTypeAt)
            ++node.responses.heard;
        node.overlay().receive(delivery.port, frame, localNow(delivery.node));
        settle(delivery.node);
    }
    m_frames.release(delivery.frame);
}

void SimNet::serve(NodeIndex index)
{
    Node& node = *m_nodes[index];
    const Instant local = localNow(index);
    if (node.stack)
        node.stack->advance(local);
    else
        node.engine->advance(local);
    if (node.upper)
        node.upper->advance(*node.engine, local);
    settle(index);
    node.servedThen = node.servedAt == m_now ? node.servedThen + 1 : 0;
    node.servedAt = m_now;
    demand(node.servedThen < kTurnsPerInstantMax, "a deadline lies in the future once advance() was called");
}

/// One thing that happens: a frame arrives, the scenario acts, or a node's time has come.
void SimNet::step()
{
    m_now = std::max(m_now, m_agenda.nextMoment().value());
    ++m_steps;
    if (const auto delivery = m_agenda.takeDelivery(m_now))
        deliver(*delivery);
    else if (const auto action = m_agenda.takeAction(m_now))
        (*action)();
    else
        serve(m_agenda.dueNode(m_now).value());

    if (m_thoroughness == Thoroughness::Samples) {
        if (m_steps % kStepsPerLook == 0 && !m_nodes.empty())
            checkNode(m_steps / kStepsPerLook % m_nodes.size());
    } else if (m_now >= m_nextCheck) {
        m_nextCheck = m_now + std::chrono::seconds(1);
        for (NodeIndex node = 0; node < m_nodes.size(); ++node)
            checkNode(node);
    }
}

void SimNet::at(Instant when, Agenda::Action action)
{
    m_agenda.enter(std::max(when, m_now), std::move(action));
}

void SimNet::runFor(Duration duration)
{
    (void)runUntil([] { return false; }, duration);
}

bool SimNet::runUntil(const std::function<bool()>& condition, Duration limit)
{
    const Instant end = m_now + limit;
    while (!condition()) {
        const auto next = m_agenda.nextMoment();
        if (!next || *next > end) {
            m_now = end;
            return condition();
        }
        step();
    }
    return true;
}

} // namespace fb::sim
