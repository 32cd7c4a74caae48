// SPDX-License-Identifier: Apache-2.0
// A hop that knows nothing of what it carries: the floor that the overlay's own forwarder is measured against, and the
// line with losses and delay under streams and TCP. Runs until it is ended, and then prints what it did.
#include "core/base/FileDescriptor.h"
#include "core/runtime/SystemClock.h"
#include "tests/bench/chain/Floor.h"
#include "tests/bench/chain/Impairment.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>
#include <iostream>

using namespace fb;
using namespace fb::bench;

namespace {

FileDescriptor endSignals()
{
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    return FileDescriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

class Hop {
public:
    Hop(const std::string& kind, const std::array<std::string, 2>& interfaces, Impairment::Config line)
        : m_lines{Impairment(line), Impairment({.loss = line.loss, .delay = line.delay, .seed = line.seed + 1})}
    {
        Floor::Detour detour;
        if (!line.isNone())
            detour = [this](std::size_t from, Bytes frame) { m_lines[from].push(frame, m_now); };
        m_floor = kind == "pcap" ? Floor::overPcap(interfaces, detour) : Floor::overRaw(interfaces, detour);
    }

    void run(int endSignal)
    {
        const auto inputs = m_floor->descriptors();
        std::array<pollfd, 3> queries{{{.fd = inputs[0], .events = POLLIN, .revents = 0},
                                       {.fd = inputs[1], .events = POLLIN, .revents = 0},
                                       {.fd = endSignal, .events = POLLIN, .revents = 0}}};
        while (queries[2].revents == 0) {
            wait(queries);
            m_now = runtime::now();
            for (const std::size_t from : {std::size_t{0}, std::size_t{1}}) {
                if (queries[from].revents != 0)
                    m_floor->drain(from);
                while (const auto frame = m_lines[from].pop(m_now))
                    m_floor->send(1 - from, *frame);
            }
        }
    }

    [[nodiscard]] nlohmann::ordered_json statistics() const
    {
        return {{"forwarded", m_floor->forwarded()},
                {"lost", m_lines[0].lost() + m_lines[1].lost()},
                {"overflowed", m_lines[0].overflowed() + m_lines[1].overflowed()}};
    }

private:
    void wait(std::array<pollfd, 3>& queries) const
    {
        std::optional<Instant> next = m_lines[0].nextDeadline();
        const auto other = m_lines[1].nextDeadline();
        if (other && (!next || *other < *next))
            next = other;
        timespec left{};
        if (next) {
            const auto time = std::max(*next - runtime::now(), Duration::zero());
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
            left = {.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
        }
        ::ppoll(queries.data(), queries.size(), next ? &left : nullptr, nullptr);
    }

    std::array<Impairment, 2> m_lines; ///< by the interface that frames come from
    std::unique_ptr<Floor> m_floor;
    Instant m_now{};
};

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("A forwarder that does as little as possible");
    std::string kind;
    std::array<std::string, 2> interfaces;
    double lossPercent = 0;
    double delayMs = 0;
    std::uint64_t seed = 1;
    app.add_option("kind", kind)->required()->check(CLI::IsMember({"pcap", "raw"}));
    app.add_option("first", interfaces[0], "interface")->required();
    app.add_option("second", interfaces[1], "interface")->required();
    app.add_option("--loss", lossPercent, "percent of the frames of each direction")->check(CLI::Range(0.0, 100.0));
    app.add_option("--delay", delayMs, "milliseconds, each direction")->check(CLI::Range(0.0, 1000.0));
    app.add_option("--seed", seed, "of the losses");
    CLI11_PARSE(app, argc, argv);
    try {
        const auto end = endSignals();
        const Duration delay(static_cast<Duration::rep>(delayMs * 1000));
        Hop hop(kind, interfaces, {.loss = lossPercent / 100, .delay = delay, .seed = seed});
        std::cout << "ready" << std::endl;
        hop.run(end.get());
        std::cout << hop.statistics() << std::endl;
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << "hop: " << problem.what() << '\n';
        return 1;
    }
}
