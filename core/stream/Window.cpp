// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Window.h"

#include <algorithm>

namespace fb::stream {

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
    const auto newest = std::ranges::find_if(ranges, [&received](const Range& range) {
        return range.begin <= received.newestOffset() && received.newestOffset() < range.end;
    });
    const auto add = [&body, &numbers, rangesMax](const Range& range) {
        if (body.ranges.size() < rangesMax)
            body.ranges.push_back({numbers.at(range.begin), numbers.at(range.end)});
    };
    if (newest != ranges.end())
        add(*newest);
    for (auto range = ranges.begin(); range != ranges.end() && body.ranges.size() < rangesMax; ++range) {
        if (range != newest)
            add(*range);
    }
    return body;
}

} // namespace fb::stream
