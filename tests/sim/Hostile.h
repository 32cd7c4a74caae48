// SPDX-License-Identifier: Apache-2.0
// Strangers on the wire of a simulation. They hear everything on their segment and say what they like: floods under
// forged ids, forged answers, route loops, hop lists of 255 entries, connects that nobody means, resets and acks with
// guessed numbers, recorded frames again, whole, damaged or with a forged hash, news of paths that are not broken. What
// they cannot do is guess a 32-bit number.
#pragma once

#include "core/romon/Messages.h"
#include "tests/sim/SimNet.h"

#include <vector>

namespace fb::sim {

class Hostile {
public:
    explicit Hostile(SimNet& net) : m_net(net) {}

    /// Remembers some of what passes.
    void overhear(const SentFrame& sent);
    /// One attack, of a kind and size that chance decides.
    void attack();
    /// Says, in the name of a node on this path of the victim's, that the path ends there.
    void forgeUnreachable(NodeIndex victim, const overlay::Path& path);
    [[nodiscard]] std::uint64_t framesSaid() const { return m_framesSaid; }

private:
    void floodQuestions();
    void lieAboutLinks();
    void loopRoutes();
    void stretchHopLists();
    void halfOpen();
    void guessNumbers();
    void repeatRecorded();
    void damageRecorded();
    void impersonate();
    void bounceEchoes();
    void forgeUnreachables();
    void forgeHashes();

    /// A port of an honest node to aim at.
    struct Aim {
        NodeIndex node = 0;
        overlay::PortId port = 0;
        SegmentIndex segment = 0;
        MacAddress mac;
    };
    [[nodiscard]] Aim aim();
    [[nodiscard]] NodeIndex anyNode();
    [[nodiscard]] romon::RomonId forgedId();
    [[nodiscard]] MacAddress ownMac();
    [[nodiscard]] std::uint16_t random16();
    void say(SegmentIndex segment, const MacAddress& to, const romon::Message& message);
    void sayData(const Aim& at, romon::RomonId from, std::uint16_t sourcePort, std::uint16_t destinationPort,
                 ByteVector payload);

    struct Recorded {
        SegmentIndex segment = 0;
        ByteVector frame;
    };
    SimNet& m_net;
    std::vector<Recorded> m_recorded; ///< a ring
    std::size_t m_heard = 0;
    std::uint64_t m_framesSaid = 0;
};

} // namespace fb::sim
