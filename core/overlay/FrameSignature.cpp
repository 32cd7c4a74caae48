// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/FrameSignature.h"

#include "core/base/Assert.h"
#include "core/romon/Codec.h"
#include "core/romon/Fields.h"
#include "core/wire/Decoder.h"
#include "core/wire/Ethernet.h"

#include <algorithm>
#include <limits>

namespace fb::overlay {

namespace {

constexpr std::size_t kHashAt = 8; ///< in the auth field
constexpr std::size_t kHashBytes = 16;
static_assert(kHashAt + kHashBytes == std::tuple_size_v<romon::AuthField>);

void put(romon::AuthField& auth, std::size_t at, std::uint32_t value)
{
    for (std::size_t octet = 0; octet < sizeof(value); ++octet)
        auth[at + octet] = static_cast<std::uint8_t>(value >> (24U - 8U * octet));
}

/// The auth field that the packet should have; the one it has is not looked at.
romon::AuthField signatureOf(const SecretKey& key, const Stations& stations, Bytes packet, FrameNumber number)
{
    FB_ASSERT(packet.size() >= romon::kHeaderBytes);
    romon::AuthField auth{};
    put(auth, 0, number.session);
    put(auth, sizeof(number.session), number.counter);
    const std::array parts{Bytes(stations.destination.octets), Bytes(stations.source.octets),
                           packet.first(romon::kAuthFieldAt), Bytes(auth),
                           packet.subspan(romon::kAuthFieldAt + auth.size())};
    const auto digest = key.hash.of(parts);
    std::copy_n(digest.begin(), kHashBytes, auth.begin() + kHashAt);
    return auth;
}

} // namespace

FrameNumber numberOf(const romon::AuthField& auth)
{
    wire::Decoder decoder(auth);
    FrameNumber number;
    decoder.integer(number.session);
    decoder.integer(number.counter);
    return number;
}

void signFrame(std::span<std::uint8_t> frame, const SecretKey& key, FrameNumber number)
{
    const auto ethernet = wire::decodeEthernet(frame);
    FB_ASSERT(ethernet.has_value());
    const Stations stations{.destination = ethernet->header.destination, .source = ethernet->header.source};
    romon::setAuthField(frame.last(ethernet->payload.size()), signatureOf(key, stations, ethernet->payload, number));
}

void clearSignature(std::span<std::uint8_t> frame)
{
    romon::setAuthField(frame.subspan(wire::kEthernetHeaderBytes), {});
}

bool isSignedWith(const SecretKey& key, const Stations& stations, Bytes packet, const romon::AuthField& auth)
{
    const auto expected = signatureOf(key, stations, packet, numberOf(auth));
    return crypto::areEqualInConstantTime(expected, auth);
}

FrameNumber SendingSession::next(RandomSource& random, Instant now)
{
    if (m_session == 0 || m_counter == std::numeric_limits<std::uint32_t>::max())
        begin(random);
    if (m_marksMade == 0 || m_marks[(m_marksMade - 1) % kMarksMax].at + kMarkSpacing <= now)
        m_marks[m_marksMade++ % kMarksMax] = {.at = now, .counter = m_counter};
    return {.session = m_session, .counter = m_counter++};
}

void SendingSession::begin(RandomSource& random)
{
    const std::uint32_t before = m_session;
    while (m_session == 0 || m_session == before)
        m_session = random.next32();
    m_counter = 0;
    m_marksMade = 0;
}

std::uint32_t SendingSession::firstSentSince(Instant when) const
{
    for (std::size_t mark = m_marksMade - std::min(m_marksMade, kMarksMax); mark < m_marksMade; ++mark) {
        if (m_marks[mark % kMarksMax].at >= when)
            return m_marks[mark % kMarksMax].counter;
    }
    return m_counter;
}

} // namespace fb::overlay
