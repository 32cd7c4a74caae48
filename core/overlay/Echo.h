// SPDX-License-Identifier: Apache-2.0
// RoMON ping, data port 1 (captured): the payload comes back unchanged with the ports swapped. Ours is a sequence
// number of four bytes, then zeros.
#pragma once

#include "core/overlay/Engine.h"
#include "core/overlay/Forwarder.h"
#include "core/overlay/NodeContext.h"

#include <map>
#include <optional>
#include <set>

namespace fb::overlay {

inline constexpr std::size_t kEchoBytesMin = 4;
inline constexpr std::size_t kProbeBytes = 8;
/// Probes of paths come from here (ours): RouterOS returns an echo to whatever port it came from, and a Footbridge node
/// that passes it on learns what its source is.
inline constexpr std::uint16_t kProbeSourcePort = kUnreachablePort;

class Echo {
public:
    explicit Echo(NodeContext& context);

    /// Everything about an echo that is to be sent.
    struct Question {
        romon::RomonId target;
        std::uint64_t token = 0;
        std::size_t sizeBytes = 0; ///< at least kEchoBytesMin
        Duration timeout{};
        enum class Kind { Ping, Probe } kind = Kind::Ping; ///< decides by which events it ends
    };
    /// Fails with LimitReached when too many echoes wait for their answer.
    [[nodiscard]] Result<ByteVector, Error> begin(const Question& question, Instant now);
    [[nodiscard]] std::uint16_t sourcePort(Question::Kind kind) const
    {
        return kind == Question::Kind::Probe ? kProbeSourcePort : m_sourcePort;
    }

    /// Whether to answer one more echo now.
    [[nodiscard]] bool mayAnswer(Instant now);

    struct Measured {
        romon::RomonId from;
        Duration rtt{};
    };
    /// An answer: publishes PingAnswered or ProbeAnswered.
    [[nodiscard]] std::optional<Measured> receiveAnswer(const Heard& heard, const Delivered& data);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    struct Waiting {
        romon::RomonId target;
        std::uint64_t token = 0;
        std::size_t sizeBytes = 0;
        Question::Kind kind = Question::Kind::Ping;
        Instant sentAt{};
        Instant deadline{};
    };
    void forget(std::uint32_t sequence);

    NodeContext& m_context;
    RateLimit m_answers;
    std::uint16_t m_sourcePort;
    std::uint32_t m_sequence = 0;
    std::map<std::uint32_t, Waiting> m_waiting; ///< by sequence number
    std::set<std::pair<Instant, std::uint32_t>> m_deadlines;
};

} // namespace fb::overlay
