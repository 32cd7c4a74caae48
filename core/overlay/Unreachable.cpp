// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Unreachable.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

namespace fb::overlay {

namespace {

constexpr std::uint8_t kKindReport = 1;

template <class Codec, class Report>
void fields(Codec& codec, Report& report)
{
    codec.integer(report.kind);
    codec.integer(report.reason);
    codec.integer(report.index);
    codec.integer(report.reserved);
    codec.integer(report.linkId);
    codec.mac(report.mac);
    codec.integer(report.l2Mtu);
    codec.mac(report.target);
}

/// As it lies on the wire.
struct Body {
    std::uint8_t kind = kKindReport;
    std::uint8_t reason = 0;
    std::uint8_t index = 0;
    std::uint8_t reserved = 0;
    std::uint32_t linkId = 0;
    MacAddress mac;
    std::uint16_t l2Mtu = 0;
    MacAddress target;
};

} // namespace

ByteVector encodeUnreachable(const Unreachable& report)
{
    ByteVector payload;
    wire::Encoder encoder(payload);
    const Body body{.reason = static_cast<std::uint8_t>(report.reason),
                    .index = report.index,
                    .linkId = report.entry.linkId,
                    .mac = report.entry.mac,
                    .l2Mtu = report.l2Mtu,
                    .target = report.target.value};
    fields(encoder, body);
    return payload;
}

Result<Unreachable, UnreachableError> decodeUnreachable(Bytes payload)
{
    wire::Decoder decoder(payload);
    Body body;
    fields(decoder, body);
    if (!decoder.ok() || body.kind != kKindReport || body.reason == 0)
        return failure(UnreachableError::Malformed);
    const auto known = static_cast<std::uint8_t>(UnreachableReason::NextUnusable);
    // Whatever a later version may mean: the entry did not work.
    const auto reason =
        body.reason <= known ? static_cast<UnreachableReason>(body.reason) : UnreachableReason::PortDown;
    return Unreachable{.reason = reason,
                       .index = body.index,
                       .entry = {.linkId = body.linkId, .mac = body.mac},
                       .l2Mtu = body.l2Mtu,
                       .target = {body.target}};
}

UnreachableSources::Source& UnreachableSources::sourceOf(romon::RomonId id, Instant now)
{
    const Source* oldest = m_sources.find(id) == nullptr ? m_sources.leaving() : nullptr;
    if (oldest != nullptr && isBelieved(*oldest, now))
        m_counters.add(Counter::UnreachableSourcesEvicted);
    return m_sources.use(id);
}

void UnreachableSources::noteFootbridge(romon::RomonId source, Instant now)
{
    sourceOf(source, now).provedAt = now;
}

bool UnreachableSources::isFootbridge(romon::RomonId source, Instant now) const
{
    const Source* known = m_sources.find(source);
    return known != nullptr && isBelieved(*known, now);
}

bool UnreachableSources::mayTell(romon::RomonId source, Instant now)
{
    return sourceOf(source, now).reports.take(now) && m_total.take(now);
}

} // namespace fb::overlay
