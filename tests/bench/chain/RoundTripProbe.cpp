// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/RoundTripProbe.h"

#include "core/runtime/SystemClock.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace fb::bench {

namespace {

using namespace std::chrono_literals;

constexpr Duration kAnswerMax = 200ms;
constexpr Duration kFarEndMax = 10s;
constexpr int kWarmUp = 50;
constexpr std::size_t kMessageBytesMax = 2048;

timespec toTimespec(Duration time)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    return {.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
}

/// Whether the descriptor became readable before then.
bool waitUntil(int descriptor, Instant deadline)
{
    pollfd query{.fd = descriptor, .events = POLLIN, .revents = 0};
    const timespec left = toTimespec(std::max(deadline - runtime::now(), Duration::zero()));
    return ::ppoll(&query, 1, &left, nullptr) > 0;
}

} // namespace

RoundTripProbe::RoundTripProbe(int descriptor, ByteVector question, IsAnswer isAnswer)
    : m_descriptor(descriptor), m_question(std::move(question)), m_isAnswer(std::move(isAnswer))
{
}

std::optional<Duration> RoundTripProbe::ask(Duration timeout)
{
    std::array<std::uint8_t, kMessageBytesMax> message{};
    const Instant asked = runtime::now();
    (void)::send(m_descriptor, m_question.data(), m_question.size(), 0);
    while (waitUntil(m_descriptor, asked + timeout)) {
        const auto size = ::recv(m_descriptor, message.data(), message.size(), MSG_DONTWAIT);
        const Instant now = runtime::now();
        if (size > 0 && m_isAnswer(Bytes(message).first(static_cast<std::size_t>(size))))
            return now - asked;
    }
    return std::nullopt;
}

bool RoundTripProbe::waitForFarEnd()
{
    const Instant deadline = runtime::now() + kFarEndMax;
    while (runtime::now() < deadline) {
        if (ask(50ms))
            return true;
    }
    return false;
}

nlohmann::ordered_json RoundTripProbe::measure(const Plan& plan)
{
    RoundTrips trips;
    int lost = 0;
    for (int number = 0; number < kWarmUp + plan.count; ++number) {
        const auto trip = ask(kAnswerMax);
        if (number >= kWarmUp) {
            lost += trip ? 0 : 1;
            trips.add(trip.value_or(kAnswerMax));
        }
        // An answer that was given up may still come: it is dropped here, not taken for the next one's.
        const Instant next = runtime::now() + plan.interval;
        while (waitUntil(m_descriptor, next)) {
            std::array<std::uint8_t, kMessageBytesMax> late{};
            (void)::recv(m_descriptor, late.data(), late.size(), MSG_DONTWAIT);
        }
    }
    auto summary = trips.summary();
    summary["lost"] = lost;
    return summary;
}

} // namespace fb::bench
