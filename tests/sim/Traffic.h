// SPDX-License-Identifier: Apache-2.0
// Who uses the simulated network: streams whose every byte is known beforehand, half-closed, aborted, read slowly;
// echoes; path queries. Checks that bytes arrive exact, in order and once, that every stream and every echo ends
// exactly once, and ends well unless something happened that excuses it.
#pragma once

#include "tests/sim/SimNet.h"

#include <functional>
#include <map>
#include <vector>

namespace fb::sim {

/// Data ports of the simulated services; what a server does about a connect is decided by the port.
enum Service : std::uint16_t {
    kServiceOpen = 3,     ///< accepted at once
    kServiceLate = 9,     ///< accepted after a while
    kServiceAbsent = 7,   ///< refused: no such service
    kServiceNotYours = 8, ///< refused: not allowed
};

/// A session begins with these bytes, which say which one it is.
inline constexpr std::size_t kHeaderBytes = 16;

struct SessionPlan {
    NodeIndex client = 0;
    NodeIndex server = 0;
    Service service = kServiceOpen;
    std::uint64_t bytesUp = 0;
    std::uint64_t bytesDown = 0;
    std::optional<Duration> clientAbortsAfter{};
    std::optional<Duration> serverAbortsAfter{};
    bool isReadSlowly = false;
    std::optional<Duration> typesEvery{}; ///< the client writes a few bytes and waits so long, until all are written
    /// Nothing but an end that is well is good enough.
    bool mustEndWell = false;
};

class Traffic final : public StackUser {
public:
    explicit Traffic(SimNet& net) : m_net(net) {}

    void event(NodeIndex node, const agent::StackEvent& event, Instant local) override;

    /// Nothing if the client knows no way to the server.
    std::optional<stream::StreamId> openSession(const SessionPlan& plan);
    /// The client has said all that it wanted to say.
    void stopTyping(NodeIndex client, stream::StreamId stream);
    void ping(NodeIndex from, NodeIndex to, std::size_t sizeBytes);
    void askPaths(NodeIndex from, NodeIndex to);
    /// Frames are lost from now on, or are not any more: what lives through a storm may fail in more ways.
    void stormBegins();
    void stormEnds();
    /// All that the node knew is gone.
    void nodeRestarted(NodeIndex node);
    /// A node that came back as a leaf carries nothing any more: streams through it alone cannot end well.
    void excuseUnreachable(const std::function<bool(NodeIndex client, NodeIndex server)>& isReachable);
    /// What a server's own time limit is for: a stream without options that is idle does not notice that its peer has
    /// forgotten it. Ends those, and no other.
    void giveUpOrphans();
    /// Whether every session is over on both sides and every echo is answered or given up.
    [[nodiscard]] bool isQuiet() const { return m_live == 0 && m_newcomers.empty() && m_pings.empty(); }
    /// Fails if one ought to have ended well and did not. Forgets them all.
    void checkEnds();
    [[nodiscard]] std::string describeLive() const;

    struct Opened {
        stream::StreamId stream = 0;
        NodeIndex server = 0;
    };
    /// The streams that this client has opened and that live.
    [[nodiscard]] std::vector<Opened> openedBy(NodeIndex client) const;
    /// One that was opened at this moment, if it was the last thing that this client did.
    [[nodiscard]] std::optional<stream::StreamId> justOpenedBy(NodeIndex client) const;
    /// Bytes of the client that have arrived at the server.
    [[nodiscard]] std::uint64_t arrivedFrom(NodeIndex client, stream::StreamId stream) const;
    /// How often the streams of this client went another way so far.
    [[nodiscard]] std::uint64_t movesOf(NodeIndex client) const;

    struct Totals {
        std::uint64_t sessions = 0;
        std::uint64_t endedWell = 0;
        std::uint64_t bytes = 0;
        std::uint64_t echoes = 0;
        std::uint64_t echoesAnswered = 0;
    };
    [[nodiscard]] const Totals& totals() const { return m_totals; }

private:
    enum Direction : std::uint8_t { Up, Down };
    struct Side {
        NodeIndex node = 0;
        stream::StreamId stream = 0;
        std::uint64_t written = 0;
        std::uint64_t read = 0;
        bool exists = false;
        bool isOpen = false;
        bool hasClosed = false;
        bool isOver = false;
        bool hasEndedWell = false;
        bool isPausing = false;  ///< a slow reader that will read later
        bool isThinking = false; ///< somebody who types and will write later
    };
    struct Session {
        SessionPlan plan;
        Side client;
        Side server;
        Instant bornAt{};
        bool sawStorm = false;
        /// Opened before the server had told what it is: a stream without options, where a reset looks like an end.
        bool isPlain = false;
        bool isExcused = false; ///< a side restarted or gave up
    };
    /// A stream that came in and has not said yet which session it belongs to.
    struct Newcomer {
        romon::RomonId peer;
        std::vector<std::uint8_t> header;
        bool isProven = false;
    };
    struct Ping {
        NodeIndex from = 0;
        NodeIndex to = 0;
        std::size_t sizeBytes = 0;
        Instant deadline{};
    };
    using Key = std::pair<NodeIndex, stream::StreamId>;

    void take(NodeIndex node, const stream::ConnectRequested& request, Instant local);
    void take(NodeIndex node, const stream::Ended& ended);
    void proven(NodeIndex node, stream::StreamId stream);
    void opened(NodeIndex node, stream::StreamId stream, Instant local);
    void readable(NodeIndex node, stream::StreamId stream, Instant local);
    void writable(NodeIndex node, stream::StreamId stream, Instant local);
    void readHeader(NodeIndex node, stream::StreamId stream, Newcomer& newcomer, Instant local);
    void read(std::size_t index, Side& side, Direction direction, Instant local);
    void write(std::size_t index, Side& side, Direction direction, Instant local);
    void thinkOf(Side& side, Duration time);
    void later(NodeIndex node, Duration after, std::function<void()> action);
    void abortLater(const Side& side, Duration after);
    void over(Session& session, Side& side, const std::optional<Error>& error);
    [[nodiscard]] bool mayMissLastWords(const Session& session) const;
    void judge(const Session& session, const Side& side, const Error& error) const;
    void pingEnded(NodeIndex node, std::uint64_t token, const overlay::PingAnswered* answer);
    [[nodiscard]] static bool mayBeCutShort(const Session& session)
    {
        return session.isExcused || (session.isPlain && session.sawStorm);
    }
    [[nodiscard]] std::string describe(const Session& session) const;
    [[nodiscard]] std::uint64_t sizeOf(const Session& session, Direction direction) const;
    void demand(bool condition, const char* what) const { m_net.demand(condition, what); }

    SimNet& m_net;
    std::vector<Session> m_sessions;
    std::uint64_t m_firstSession = 0; ///< number of the first one in the list
    std::map<Key, std::size_t> m_sideOf;
    std::map<Key, Newcomer> m_newcomers;
    std::map<NodeIndex, std::uint64_t> m_moves;    ///< of streams, by client
    std::map<NodeIndex, std::uint64_t> m_restarts; ///< what was planned for an earlier life is off
    std::size_t m_live = 0;                        ///< sides that exist and are not over
    std::map<std::uint64_t, Ping> m_pings;
    std::uint64_t m_nextToken = 1;
    bool m_isStormy = false;
    std::vector<std::uint8_t> m_chunk = std::vector<std::uint8_t>(16384);
    std::vector<std::uint8_t> m_expected = std::vector<std::uint8_t>(16384);
    Totals m_totals;
};

} // namespace fb::sim
