// SPDX-License-Identifier: Apache-2.0
// What Data carries on the ports that this node reads: no bytes crash a decoder, and what one understands it encodes to
// bytes that mean the same.
#include "core/base/Assert.h"
#include "core/overlay/Challenge.h"
#include "core/overlay/NodeAnswer.h"
#include "core/overlay/Unreachable.h"
#include "core/stream/Frame.h"

#include <algorithm>

using namespace fb;

namespace {

void checkOverlay(Bytes payload)
{
    if (const auto challenge = overlay::decodeChallenge(payload))
        FB_ASSERT(std::ranges::equal(encode(*challenge), payload));
    if (const auto report = overlay::decodeUnreachable(payload)) {
        const auto again = overlay::decodeUnreachable(encodeUnreachable(*report));
        FB_ASSERT(again && *again == *report);
    }
    const auto information = overlay::decodeNodeInformation(payload);
    if (!information)
        return;
    if (const auto* question = std::get_if<overlay::NodeQuestion>(&*information)) {
        const auto again = overlay::decodeNodeInformation(encodeNodeQuestion(*question));
        FB_ASSERT(again && std::get<overlay::NodeQuestion>(*again).nonce == question->nonce);
        return;
    }
    const auto& answer = std::get<overlay::NodeAnswer>(*information);
    FB_ASSERT(answer.services.size() <= overlay::kServicesMax && std::ranges::is_sorted(answer.services));
    const auto again = overlay::decodeNodeInformation(encodeNodeAnswer(answer));
    FB_ASSERT(again && std::holds_alternative<overlay::NodeAnswer>(*again));
    const auto& same = std::get<overlay::NodeAnswer>(*again);
    FB_ASSERT(same.nonce == answer.nonce && same.uptime == answer.uptime && same.services == answer.services &&
              same.role == answer.role);
}

void checkAck(Bytes body)
{
    const auto ack = stream::decodeAckBody(body);
    if (!ack)
        return;
    FB_ASSERT(ack->ranges.size() <= stream::kAckRangesMax);
    ByteVector encoded;
    stream::appendAckBody(encoded, *ack);
    FB_ASSERT(std::ranges::equal(encoded, body));
}

void checkStream(Bytes payload)
{
    const auto frame = stream::decodeFrame(payload);
    if (!frame)
        return;
    const ByteVector header = stream::encodeHeader(frame->header, 0);
    FB_ASSERT(stream::decodeFrame(header)->header == frame->header);
    if (const auto options = stream::decodeOptions(frame->body)) {
        ByteVector encoded;
        stream::appendOptions(encoded, *options);
        FB_ASSERT(stream::decodeOptions(encoded) == options);
    }
    checkAck(frame->body);
    Bytes rest = frame->body;
    if (const auto stamps = stream::takeStamps(rest)) {
        ByteVector encoded;
        stream::appendStamps(encoded, *stamps);
        FB_ASSERT(std::ranges::equal(encoded, frame->body.first(stream::kStampsBytes)));
        checkAck(rest);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    checkOverlay({data, size});
    checkStream({data, size});
    return 0;
}
