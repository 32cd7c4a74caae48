// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Window.h"

#include <algorithm>

namespace fb::stream {

namespace {
/// Of the ranges in an ack, at least one in so many is among the last that grew.
constexpr std::size_t kRecentShare = 4;
} // namespace

std::uint32_t windowField(std::uint64_t bytes)
{
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes, UINT32_MAX));
}

AckBody ackBodyOf(const ReceiveBuffer& received, const SequenceNumber& numbers, std::size_t rangesMax)
{
    AckBody body;
    const std::uint64_t windowEnd = std::max(received.windowEnd(), received.next());
    body.windowBytes = windowField(windowEnd - received.next());
    const auto ranges = received.ranges();
    body.ranges.reserve(std::min(rangesMax, ranges.size()));
    const auto add = [&body, &numbers](std::span<const Range> told) {
        for (const Range& range : told)
            body.ranges.push_back({numbers.at(range.begin), numbers.at(range.end)});
    };
    if (ranges.size() <= rangesMax) {
        add(ranges);
        return body;
    }
    const auto newest = std::ranges::find_if(ranges, [&received](const Range& range) {
        return range.begin <= received.newestOffset() && received.newestOffset() < range.end;
    });
    const auto newestEnd = static_cast<std::size_t>((newest == ranges.end() ? newest : newest + 1) - ranges.begin());
    const std::size_t recent = std::min(newestEnd, std::max<std::size_t>(rangesMax / kRecentShare, 1));
    const auto oldest = std::min(newestEnd - recent, rangesMax - recent);
    add(ranges.first(oldest));
    add(ranges.subspan(newestEnd - recent, recent));
    return body;
}

} // namespace fb::stream
