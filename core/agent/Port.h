// SPDX-License-Identifier: Apache-2.0
// One interface that is a port: its link while one is open, and the frames that wait for it. Used by Ports alone.
#pragma once

#include "core/agent/Ports.h"

namespace fb::agent {

/// What a port is made of; any change makes the port anew.
struct PortFacts {
    overlay::PortConfig config;
    PortRule::Use use = PortRule::Use::Yes;

    [[nodiscard]] bool sameAs(const PortFacts& other) const;
};

class Ports::Port final : private Loop::Handler {
public:
    Port(const Surroundings& with, overlay::PortId id, PortFacts facts, Instant now);
    ~Port();

    [[nodiscard]] overlay::PortId id() const { return m_id; }
    [[nodiscard]] const PortFacts& facts() const { return m_facts; }
    [[nodiscard]] overlay::PortState state() const { return m_state; }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    [[nodiscard]] const std::optional<Error>& openError() const { return m_openError; }

    enum class Presence { Missing, Down, Up };
    /// What the machine says of the interface now.
    void update(Presence presence, Instant now);
    /// Leaves with the next flush(), or at once when there are many.
    void send(overlay::Transmit transmit, Instant now);
    void flush(Instant now);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] std::uint64_t droppedBelow() const;
    [[nodiscard]] std::uint64_t queued() const { return m_queue.queued(); }
    /// Takes it out of the overlay before it goes.
    void remove(Instant now);

private:
    void ready(const runtime::Ready& what, Instant now) override;
    void receive(Instant now);
    void open(Instant now);
    void close();
    void setState(overlay::PortState state, std::string problem, Instant now);

    const Surroundings& m_with;
    overlay::PortId m_id;
    PortFacts m_facts;
    overlay::PortState m_state = overlay::PortState::Down;
    std::string m_problem;
    std::optional<Error> m_openError;
    std::unique_ptr<link::Link> m_link;
    std::optional<Loop::Watch> m_watch;
    FrameQueue m_queue;
    std::optional<Instant> m_retryAt;  ///< for frames that wait
    std::optional<Instant> m_reopenAt; ///< for a link that could not be opened or has gone
    bool m_backlog = false;
    std::uint64_t m_droppedByClosed = 0;
};

} // namespace fb::agent
