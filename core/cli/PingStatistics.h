// SPDX-License-Identifier: Apache-2.0
// What a series of echoes amounts to, in RouterOS's words: sent, received, packet-loss, min, avg, max.
#pragma once

#include "core/agent/Event.h"
#include "core/agent/Json.h"
#include "core/base/Instant.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fb::cli {

class PingStatistics {
public:
    void add(const agent::PingResult& result);

    [[nodiscard]] std::uint64_t sent() const { return m_sent; }
    [[nodiscard]] std::uint64_t received() const { return m_received; }
    /// Whole percent, rounded to the nearest; 0 if nothing was sent.
    [[nodiscard]] std::uint64_t lossPercent() const;
    [[nodiscard]] std::optional<Duration> least() const { return m_least; }
    [[nodiscard]] std::optional<Duration> greatest() const { return m_greatest; }
    [[nodiscard]] std::optional<Duration> average() const;

    /// "sent=3 received=3 packet-loss=0% min-rtt=1ms0us avg-rtt=1ms10us max-rtt=1ms20us"
    [[nodiscard]] std::string toString() const;
    /// Puts the members sent, received, packet_loss_percent, and where there are any min_rtt_us, avg_rtt_us,
    /// max_rtt_us into an object.
    void writeTo(agent::Json& json) const;

private:
    std::uint64_t m_sent = 0;
    std::uint64_t m_received = 0;
    Duration m_sum{};
    std::optional<Duration> m_least;
    std::optional<Duration> m_greatest;
};

} // namespace fb::cli
