// SPDX-License-Identifier: Apache-2.0
// The services this node offers: starts the program of a data port for each stream that a peer opens to it, counts
// them, and ends what is left when the stream is over. One thread.
#pragma once

#include "core/agent/ChildProcess.h"
#include "core/agent/Log.h"
#include "core/agent/Loop.h"
#include "core/base/RateLimit.h"
#include "core/stream/Engine.h"

#include <map>
#include <memory>

namespace fb::agent {

class ServiceHost {
public:
    /// After its stream is over a program has so long to leave, and as long again after it was asked to.
    static constexpr Duration kGrace = std::chrono::seconds(5);
    /// Lines in the log about what could not be served; all are counted.
    static constexpr RateLimit::Rate kComplaints{.perSecond = 1, .burst = 5};

    ServiceHost(Loop& loop, ServiceTable table, const LogSink& log)
        : m_loop(loop), m_table(std::move(table)), m_log(log)
    {
    }
    ~ServiceHost();

    /// Whether there is such a service and room for one more session; otherwise what the peer is to be told. Nothing is
    /// kept for it: others may come first.
    [[nodiscard]] Result<void, stream::Refusal> admit(const stream::ConnectRequested& request, Instant now);
    /// Starts the program for a peer that has proved itself; the socket is the agent's end. Fails like admit().
    [[nodiscard]] Result<FileDescriptor, stream::Refusal> open(const stream::ConnectRequested& request, Instant now);
    void streamEnded(stream::StreamId stream, Instant now);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// Sends every program a signal that ends it.
    void signalAll(int number);
    [[nodiscard]] std::size_t running() const { return m_sessions.size(); }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }

private:
    struct Session final : Loop::Handler {
        Session(ServiceHost& owner, stream::StreamId id, std::uint16_t port, ChildProcess child);
        void ready(const runtime::Ready& what, Instant now) override;

        ServiceHost& host;
        stream::StreamId stream;
        std::uint16_t service;
        ChildProcess process;
        Loop::Watch watch;
        std::optional<Instant> endAt;
        int nextSignal;
        bool hasEnded = false;
    };

    [[nodiscard]] std::size_t sessionsOf(std::uint16_t service) const;
    [[nodiscard]] Failure<stream::Refusal> refuse(stream::Refusal reason);
    [[nodiscard]] bool prepare(const ServiceProgram& program, Instant now);
    void complain(LogLevel level, const std::string& line, Instant now);

    Loop& m_loop;
    ServiceTable m_table;
    const LogSink& m_log;
    std::map<stream::StreamId, std::unique_ptr<Session>> m_sessions;
    std::uint64_t m_refused = 0;
    RateLimit m_complaints{kComplaints};
};

} // namespace fb::agent
