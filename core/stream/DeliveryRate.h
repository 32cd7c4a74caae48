// SPDX-License-Identifier: Apache-2.0
// How fast bytes arrive at the peer, after draft-cheng-iccrg-delivery-rate-estimation section 3: each segment carries a
// stamp of what had arrived when it was sent; its own arrival then tells the rate over the time between. The longer of
// the time to send and the time to acknowledge counts, so that compressed acks do not look like a faster path.
#pragma once

#include "core/base/Instant.h"

#include <cstdint>
#include <optional>

namespace fb::stream {

struct RateSample {
    double bytesPerMicrosecond = 0;
    std::uint64_t deliveredBefore = 0; ///< bytes that had arrived when the newest segment was sent: counts rounds
    bool isLimited = false;            ///< the application or the peer's window held the sender back: too low
};

class DeliveryRate {
public:
    /// What a segment remembers of the moment it was sent.
    struct Stamp {
        std::uint64_t delivered = 0;
        Instant deliveredAt{};
        Instant firstSentAt{};
        bool isLimited = false;
    };
    enum class InFlight { Nothing, Something };

    /// Another path: what was sent until now says nothing about its rate.
    void restart(Instant now);
    [[nodiscard]] Stamp sent(InFlight inFlight, Instant now);
    void arrived(const Stamp& stamp, Instant sentAt, std::size_t bytes, Instant now);
    /// The sample of everything that arrived since the last call. None if it would cover less than a round trip: then
    /// it answers an original and not its retransmission (section 3.3).
    [[nodiscard]] std::optional<RateSample> take(Duration minimumRtt);
    /// What is under way now was not limited by the path.
    void limited(std::size_t bytesInFlight);

    [[nodiscard]] std::uint64_t delivered() const { return m_delivered; }

private:
    struct Newest {
        Stamp stamp;
        Duration sendTime{};
        Duration ackTime{};
    };

    std::uint64_t m_delivered = 0;
    Instant m_deliveredAt{};
    Instant m_firstSentAt{};
    Instant m_pathSince{};
    std::uint64_t m_limitedUntil = 0; ///< samples are limited until so much has arrived; zero: they are not
    std::optional<Newest> m_newest;
};

} // namespace fb::stream
