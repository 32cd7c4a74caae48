// SPDX-License-Identifier: Apache-2.0
// The auth field between Footbridge nodes (ours; RouterOS's layout is not public):
//
//   0         4         8                       24
//   | session | counter | first 16 bytes of the hash |
//
// The hash is HMAC-SHA-256 of: destination MAC, source MAC, then the packet as far as its length field says, with the
// 16 bytes of the hash zero. Each sender numbers its frames per port: the session is random and never 0, the counter
// starts at 0. Hop by hop, because every forwarder rewrites the packet.
#pragma once

#include "core/base/MacAddress.h"
#include "core/base/RandomSource.h"
#include "core/overlay/Secrets.h"
#include "core/romon/Messages.h"

#include <array>
#include <cstdint>
#include <span>

namespace fb::overlay {

struct FrameNumber {
    std::uint32_t session = 0;
    std::uint32_t counter = 0;

    friend bool operator==(const FrameNumber&, const FrameNumber&) = default;
};

/// Who a packet is between on this one hop.
struct Stations {
    MacAddress destination;
    MacAddress source;
};

[[nodiscard]] FrameNumber numberOf(const romon::AuthField& auth);

/// Signs a frame of ours in place: Ethernet header, whole packet, no padding.
void signFrame(std::span<std::uint8_t> frame, const SecretKey& key, FrameNumber number);
/// Makes a frame one that is not signed.
void clearSignature(std::span<std::uint8_t> frame);

/// Whether the packet's auth field is the signature by this key. The packet has no padding.
[[nodiscard]] bool isSignedWith(const SecretKey& key, const Stations& stations, Bytes packet,
                                const romon::AuthField& auth);

/// The numbers of the frames that one port signs.
class SendingSession {
public:
    SendingSession() = default;
    /// Goes on where another one stopped.
    SendingSession(std::uint32_t session, std::uint32_t nextCounter) : m_session(session), m_counter(nextCounter) {}

    /// The first number, and the one after the last counter, begin a session.
    [[nodiscard]] FrameNumber next(RandomSource& random, Instant now);

    /// A counter such that it and all above it were sent at this time or later. It may be too high by what was sent in
    /// kMarkSpacing, or since the oldest mark; never too low.
    [[nodiscard]] std::uint32_t firstSentSince(Instant when) const;

private:
    static constexpr Duration kMarkSpacing = std::chrono::milliseconds(1);
    static constexpr std::size_t kMarksMax = 64;
    struct Mark {
        Instant at{};
        std::uint32_t counter = 0; ///< sent at that time
    };

    void begin(RandomSource& random);

    std::uint32_t m_session = 0; ///< 0: none yet
    std::uint32_t m_counter = 0; ///< of the next frame
    std::array<Mark, kMarksMax> m_marks{};
    std::size_t m_marksMade = 0; ///< since the session began; the latest kMarksMax are kept
};

} // namespace fb::overlay
