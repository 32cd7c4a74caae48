// SPDX-License-Identifier: Apache-2.0
// One end of a chain, for tests/bench/bench_Throughput.py. The client types, then copies as fast as it can, at first
// without typing and then beside it; the server echoes what is typed and counts what is copied. Each prints what it
// measured as one line of JSON.
#include "core/runtime/SystemClock.h"
#include "tests/bench/chain/Keystrokes.h"
#include "tests/bench/chain/StreamCarrier.h"
#include "tests/bench/chain/TcpCarrier.h"

#include <CLI/CLI.hpp>

#include <iostream>

using namespace std::chrono_literals;
using namespace fb;
using namespace fb::bench;

namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
/// Pieces written or read before keystrokes have their turn.
constexpr int kPiecesPerTurn = 4;
constexpr Duration kOpenMax = 15s;
/// Beyond the time that was asked for: the server's measurement begins later than the client's.
constexpr Duration kOverlap = 300ms;
/// Of keystrokes beside the copy that do not count.
constexpr Duration kSettle = 300ms;

struct Plan {
    double idle = 0.5;   ///< seconds of typing only
    double warmUp = 0.5; ///< seconds of the copy that do not count
    double copy = 1.5;   ///< seconds of the copy that count, alone, and as many beside keystrokes
    double interval = 3; ///< milliseconds between keystrokes
};

Duration seconds(double count)
{
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

/// When what is done, from the first byte of the copy on.
struct Phases {
    Phases(Instant copyBegins, const Plan& plan)
        : copyCounts(copyBegins + seconds(plan.warmUp)),
          aloneEnds(copyCounts + seconds(plan.copy)),
          typingResumes(aloneEnds + kOverlap),
          besideCounts(typingResumes + kSettle),
          besideEnds(besideCounts + seconds(plan.copy))
    {
    }
    [[nodiscard]] bool isAlone(Instant now) const { return now >= copyCounts && now < aloneEnds; }
    [[nodiscard]] bool isBeside(Instant now) const { return now >= besideCounts && now < besideEnds; }

    Instant copyCounts;
    Instant aloneEnds;
    Instant typingResumes;
    Instant besideCounts;
    Instant besideEnds;
};

bool waitUntilOpen(Carrier& carrier)
{
    const Instant deadline = runtime::now() + kOpenMax;
    while (!carrier.isOpen() && runtime::now() < deadline)
        carrier.turn(deadline);
    return carrier.isOpen();
}

int runClient(Carrier& carrier, const Plan& plan)
{
    const ByteVector piece(kPieceBytes, 'c');
    ByteVector scratch(kPieceBytes);
    const Instant copyBegins = runtime::now() + seconds(plan.idle);
    const Phases phases(copyBegins, plan);
    const Instant end = phases.besideEnds + kOverlap;
    RoundTrips idle;
    RoundTrips busy;
    Keystrokes keys(runtime::now(), seconds(plan.interval / 1000));
    for (Instant now = runtime::now(); now < end && carrier.isOpen(); now = runtime::now()) {
        if (keys.next() >= copyBegins)
            keys.pauseUntil(phases.typingResumes);
        while (keys.next() <= now) {
            const Instant due = keys.next();
            if (carrier.write(Channel::Keys, Bytes(piece).first(1)) == 0)
                break;
            keys.pressed(due < copyBegins ? &idle : phases.isBeside(due) ? &busy : nullptr);
        }
        bool hasRoom = now >= copyBegins;
        for (int count = 0; count < kPiecesPerTurn && hasRoom; ++count)
            hasRoom = carrier.write(Channel::Copy, piece) == piece.size();
        const Instant next = now < copyBegins ? std::min(keys.next(), copyBegins) : keys.next();
        carrier.turn(hasRoom ? now : std::min(std::max(next, now), end));
        keys.returned(carrier.read(Channel::Keys, scratch), runtime::now());
    }
    keys.giveUp(runtime::now());
    std::cout << nlohmann::ordered_json{{"idle", idle.summary()},
                                        {"busy", busy.summary()},
                                        {"statistics", carrier.statistics()}}
              << std::endl;
    carrier.close();
    return 0;
}

/// Counts what arrives of the copy while it is alone and while somebody types beside it, by its own clock.
class Counter {
public:
    explicit Counter(const Plan& plan) : m_plan(plan) {}

    void arrived(std::size_t bytes, Instant now)
    {
        if (!m_phases)
            m_phases.emplace(now, m_plan);
        if (m_phases->isAlone(now))
            m_alone += bytes;
        else if (m_phases->isBeside(now))
            m_beside += bytes;
    }
    [[nodiscard]] std::optional<Instant> end() const
    {
        return m_phases ? std::optional(m_phases->besideEnds) : std::nullopt;
    }
    [[nodiscard]] double alone() const { return megabytesPerSecond(m_alone); }
    [[nodiscard]] double beside() const { return megabytesPerSecond(m_beside); }

private:
    [[nodiscard]] double megabytesPerSecond(std::uint64_t bytes) const
    {
        return static_cast<double>(bytes) / 1e6 / m_plan.copy;
    }

    Plan m_plan;
    std::optional<Phases> m_phases;
    std::uint64_t m_alone = 0;
    std::uint64_t m_beside = 0;
};

int runServer(Carrier& carrier, const Plan& plan)
{
    ByteVector scratch(kPieceBytes);
    Counter counter(plan);
    const Instant limit =
        runtime::now() + seconds(plan.idle + plan.warmUp + 2 * plan.copy) + kOverlap + kSettle + kOpenMax;
    Instant now = runtime::now();
    while (carrier.isOpen() && now < limit && !(counter.end() && now >= *counter.end())) {
        carrier.turn(counter.end().value_or(limit));
        now = runtime::now();
        for (int count = 0; count < kPiecesPerTurn; ++count) {
            const std::size_t typed = carrier.read(Channel::Keys, scratch);
            (void)carrier.write(Channel::Keys, Bytes(scratch).first(typed));
            const std::size_t copied = carrier.read(Channel::Copy, scratch);
            if (copied > 0)
                counter.arrived(copied, now);
            if (copied == 0)
                break;
        }
    }
    std::cout << nlohmann::ordered_json{{"MB/s", counter.alone()},
                                        {"MB/s beside keystrokes", counter.beside()},
                                        {"statistics", carrier.statistics()}}
              << std::endl;
    while (carrier.isOpen() && runtime::now() < limit) { // the client types until it has enough
        carrier.turn(limit);
        const std::size_t typed = carrier.read(Channel::Keys, scratch);
        (void)carrier.write(Channel::Keys, Bytes(scratch).first(typed));
        while (carrier.read(Channel::Copy, scratch) == scratch.size()) {
        }
    }
    return counter.end() ? 0 : 1;
}

std::unique_ptr<Carrier> makeCarrier(Side side, const std::string& kind, const std::string& interface,
                                     const std::string& address)
{
    if (kind != "stream")
        return std::make_unique<TcpCarrier>(side, address, kind);
    auto monitor = link::NetlinkMonitor::create();
    if (!monitor)
        throw std::runtime_error("no rtnetlink: " + describe(monitor.error()));
    return std::make_unique<StreamCarrier>(side, interface, std::move(*monitor));
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("One end of a chain of hops");
    std::string side;
    std::string kind;
    std::string interface;
    std::string address;
    Plan plan;
    app.add_option("side", side)->required()->check(CLI::IsMember({"client", "server"}));
    app.add_option("carrier", kind, "stream, or a congestion control of the kernel's TCP")->required();
    app.add_option("--interface", interface)->required();
    app.add_option("--address", address, "of the server");
    app.add_option("--idle", plan.idle);
    app.add_option("--warm-up", plan.warmUp);
    app.add_option("--copy", plan.copy);
    app.add_option("--interval", plan.interval, "milliseconds between keystrokes");
    CLI11_PARSE(app, argc, argv);
    try {
        const Side mySide = side == "client" ? Side::Client : Side::Server;
        const auto carrier = makeCarrier(mySide, kind, interface, address);
        if (mySide == Side::Server)
            std::cout << "ready" << std::endl;
        if (!waitUntilOpen(*carrier)) {
            std::cerr << side << ": no connection\n";
            return 1;
        }
        return mySide == Side::Client ? runClient(*carrier, plan) : runServer(*carrier, plan);
    } catch (const std::exception& problem) {
        std::cerr << side << ": " << problem.what() << '\n';
        return 1;
    }
}
