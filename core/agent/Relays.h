// SPDX-License-Identifier: Apache-2.0
// The relays of all streams, whoever opened them.
#pragma once

#include "core/agent/StreamRelay.h"

#include <array>
#include <map>
#include <memory>

namespace fb::agent {

class Relays {
public:
    Relays(Loop& loop, stream::Engine& streams) : m_loop(loop), m_streams(streams), m_scratch(StreamRelay::kPieceBytes)
    {
    }

    /// The socket must not block.
    void add(stream::StreamId stream, FileDescriptor socket, Instant now);
    /// Closes the socket at once; the stream is somebody else's business.
    void drop(stream::StreamId stream) { m_relays.erase(stream); }

    void readable(stream::StreamId stream, Instant now);
    void writable(stream::StreamId stream, Instant now);
    void ended(stream::StreamId stream, Instant now);

    /// Carries what a full turn has left, and lets go of relays that are done.
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    /// About once a second.
    void check(Instant now);
    [[nodiscard]] bool empty() const { return m_relays.empty(); }

private:
    Loop& m_loop;
    stream::Engine& m_streams;
    ByteVector m_scratch;
    std::map<stream::StreamId, std::unique_ptr<StreamRelay>> m_relays;
};

} // namespace fb::agent
