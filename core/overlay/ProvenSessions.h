// SPDX-License-Identifier: Apache-2.0
// Which neighbors' frames are fresh, without a clock that anybody shares and without anything stored. A sender's
// session counts once the sender has repeated, inside it, a random number that we drew: a recording cannot. From then
// on a window over its counters takes every frame once.
//
// The frames that made us ask are kept, so that nothing is lost by asking. They may be recordings of the very session
// that is proven, from before this node restarted; so the answer also names the counter from which on all its sender's
// frames are younger than our own memory, and only those are taken. Durations alone are compared, never two clocks.
#pragma once

#include "core/base/RateLimit.h"
#include "core/overlay/Challenge.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/ReplayWindow.h"
#include "core/romon/Codec.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace fb::overlay {

inline constexpr std::size_t kProvenSendersMax = 1024;
inline constexpr std::size_t kChallengedSendersMax = 512;
inline constexpr std::size_t kHeldFramesPerSenderMax = 32;
inline constexpr std::size_t kHeldBytesMax = std::size_t{256} * 1024;
/// Asked again after 100 ms and 200 ms more; given up 400 ms later. The next frame begins anew.
inline constexpr Duration kChallengeRetry = std::chrono::milliseconds(100);
inline constexpr int kChallengesMax = 3;
/// A sender whose answer showed that it was a recording we asked about is left in peace for so long.
inline constexpr Duration kQuietAfterRecording = std::chrono::seconds(1);
/// Held frames older than this are not taken, however long we have been listening.
inline constexpr Duration kHeldAgeMax = std::chrono::seconds(2);

/// A frame that one of our secrets verified.
struct Verified {
    FrameNumber number;
    SecretKeyPointer key;
};

class ProvenSessions {
public:
    explicit ProvenSessions(NodeContext& context) : m_context(context), m_knowsSince(context.startedAt) {}

    enum class Verdict {
        Fresh,
        Replayed,
        Unproven, ///< kept if there was room; comes back by nextReleased() if its session is proven
    };
    [[nodiscard]] Verdict check(const Heard& heard, const Verified& verified);

    /// Data for the challenge port.
    void receive(const Heard& heard, const Verified& verified, const romon::DataView& data);

    /// A packet that was kept until its sender's session was proven.
    struct Held {
        PortId port = 0;
        MacAddress from;
        MacAddress to;
        ByteVector packet;
        std::uint32_t session = 0;
    };
    [[nodiscard]] std::optional<Held> nextReleased();

    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// Forgets the senders that no secret of the port's list verified last.
    void secretsChanged(const Port& port, Instant now);
    void forgetPort(PortId port, Instant now);

private:
    struct Sender {
        PortId port = 0;
        MacAddress mac;

        friend auto operator<=>(const Sender&, const Sender&) = default;
    };
    struct Proven {
        std::uint32_t session = 0;
        ReplayWindow window;
        SecretKeyPointer key; ///< verified the last frame that was taken
        Instant heardAt{};
        Instant quietUntil{};
    };
    struct Challenged {
        std::uint64_t nonce = 0;
        SecretKeyPointer key;
        int sent = 0;
        Instant due{};
        std::vector<Held> held;
    };

    [[nodiscard]] Challenged* challenge(const Heard& heard, const Verified& verified);
    void ask(const Sender& sender, Challenged& challenged, Instant now);
    void hold(Challenged& challenged, const Heard& heard, std::uint32_t session);
    void answer(const Heard& heard, const Verified& verified, const romon::DataView& data, const Challenge& question);
    void receiveAnswer(const Heard& heard, const Verified& verified, const Challenge& answer);
    void prove(const Sender& sender, const Verified& verified, std::uint32_t first, Instant now);
    void release(const Sender& sender, std::uint32_t session);
    void forget(const Sender& sender);
    [[nodiscard]] std::uint32_t knownForUs(Instant now) const;

    NodeContext& m_context;
    std::map<Sender, Proven> m_proven;
    std::map<Sender, Challenged> m_challenged;
    std::set<std::pair<Instant, Sender>> m_due; ///< of the challenged
    std::size_t m_heldBytes = 0;
    std::deque<Held> m_released;
    /// Since then nothing that we knew of any sender was forgotten.
    Instant m_knowsSince;
};

} // namespace fb::overlay
