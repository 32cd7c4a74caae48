// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Counters.h"

namespace fb::stream {

std::string_view nameOf(Counter counter)
{
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Counter::Count)> kNames{
        "accepts-unexpected",
        "ack-bodies-malformed",
        "acks-for-unsent",
        "acks-too-old",
        "black-holes",
        "buffers-limit-reached",
        "bytes-outside-window",
        "client-ports-taken",
        "closes-contradictory",
        "connects-repeated",
        "connects-to-client-ports",
        "connects-unexpected",
        "control-queue-full",
        "frames-of-unknown-type",
        "frames-truncated",
        "half-open-limit-reached",
        "keepalives-sent",
        "options-malformed",
        "reorder-limit-reached",
        "resets-received",
        "resets-sent",
        "resets-unexpected",
        "resets-withheld",
        "segment-limit-raised",
        "segments-for-unknown-streams",
        "segments-repeated",
        "segments-stale",
        "stamps-missing",
        "streams-limit-reached",
    };
    return kNames[static_cast<std::size_t>(counter)];
}

} // namespace fb::stream
