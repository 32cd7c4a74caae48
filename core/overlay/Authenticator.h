// SPDX-License-Identifier: Apache-2.0
// What a port may believe of what it heard: which secrets hold where, whether a packet is signed with one of them and
// fresh. A port without secrets costs one comparison a frame.
#pragma once

#include "core/overlay/ProvenSessions.h"
#include "core/overlay/Refusals.h"
#include "core/overlay/Secrets.h"

#include <optional>

namespace fb::overlay {

class Authenticator {
public:
    explicit Authenticator(NodeContext& context) : m_context(context), m_sessions(context), m_refusals(context.counters)
    {
    }

    void setGlobal(const SecretList& list, Instant now);
    void setOwn(Port& port, const std::optional<SecretList>& list, Instant now);
    void portAdded(Port& port);
    void portRemoved(PortId port, Instant now);

    /// Whether to act on a packet that is not Data. If not, that is counted; it may come back by nextReleased().
    [[nodiscard]] bool accepts(const Heard& heard, const romon::Header& header);
    /// The same for Data, of which challenges and their answers end here.
    [[nodiscard]] bool accepts(const Heard& heard, const romon::DataView& data);
    [[nodiscard]] std::optional<ProvenSessions::Held> nextReleased() { return m_sessions.nextReleased(); }

    void advance(Instant now) { m_sessions.advance(now); }
    [[nodiscard]] std::optional<Instant> nextDeadline() const { return m_sessions.nextDeadline(); }
    [[nodiscard]] std::vector<UnverifiedSender> refused() const { return m_refusals.senders(); }

private:
    void apply(Port& port, Instant now);
    [[nodiscard]] bool acceptsUnhashed(const Heard& heard, const romon::Header& header);
    [[nodiscard]] std::optional<Verified> verify(const Heard& heard, const romon::Header& header);
    [[nodiscard]] bool isFresh(const Heard& heard, const romon::Header& header, const Verified& verified);

    NodeContext& m_context;
    Secrets m_secrets;
    ProvenSessions m_sessions;
    Refusals m_refusals;
};

} // namespace fb::overlay
