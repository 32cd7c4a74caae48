// SPDX-License-Identifier: Apache-2.0
#include "core/cli/PingStatistics.h"

#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace fb::cli {

void PingStatistics::add(const agent::PingResult& result)
{
    ++m_sent;
    if (!result.rtt)
        return;
    ++m_received;
    m_sum += *result.rtt;
    m_least = std::min(m_least.value_or(*result.rtt), *result.rtt);
    m_greatest = std::max(m_greatest.value_or(*result.rtt), *result.rtt);
}

std::uint64_t PingStatistics::lossPercent() const
{
    return m_sent == 0 ? 0 : ((m_sent - m_received) * 100U + m_sent / 2U) / m_sent;
}

std::optional<Duration> PingStatistics::average() const
{
    return m_received == 0 ? std::nullopt : std::optional(m_sum / static_cast<Duration::rep>(m_received));
}

std::string PingStatistics::toString() const
{
    std::string text = "sent=" + std::to_string(m_sent) + " received=" + std::to_string(m_received) +
                       " packet-loss=" + std::to_string(lossPercent()) + '%';
    if (m_received > 0) {
        text += " min-rtt=" + roundTripText(*m_least) + " avg-rtt=" + roundTripText(*average()) +
                " max-rtt=" + roundTripText(*m_greatest);
    }
    return text;
}

void PingStatistics::writeTo(agent::Json& json) const
{
    json["sent"] = m_sent;
    json["received"] = m_received;
    json["packet_loss_percent"] = lossPercent();
    if (m_received > 0) {
        json["min_rtt_us"] = m_least->count();
        json["avg_rtt_us"] = average()->count();
        json["max_rtt_us"] = m_greatest->count();
    }
}

} // namespace fb::cli
