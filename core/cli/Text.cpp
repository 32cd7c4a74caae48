// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace fb::cli {

std::string roundTripText(Duration time)
{
    using std::chrono::milliseconds;
    using std::chrono::seconds;
    const auto wholeSeconds = std::chrono::duration_cast<seconds>(time);
    const auto wholeMilliseconds = std::chrono::duration_cast<milliseconds>(time - wholeSeconds);
    const auto rest = time - wholeSeconds - wholeMilliseconds;
    if (wholeSeconds.count() > 0)
        return std::to_string(wholeSeconds.count()) + 's' + std::to_string(wholeMilliseconds.count()) + "ms";
    if (wholeMilliseconds.count() > 0)
        return std::to_string(wholeMilliseconds.count()) + "ms" + std::to_string(rest.count()) + "us";
    return std::to_string(rest.count()) + "us";
}

std::string lossText(const overlay::PathQuality& quality)
{
    return std::to_string(quality.lossPermille / 10) + '.' + std::to_string(quality.lossPermille % 10) + '%';
}

std::string uptimeText(std::chrono::seconds time)
{
    struct Unit {
        std::int64_t seconds;
        std::string_view letter;
    };
    constexpr std::array kUnits{Unit{604800, "w"}, Unit{86400, "d"}, Unit{3600, "h"}, Unit{60, "m"}, Unit{1, "s"}};
    std::string text;
    std::int64_t rest = std::max<std::int64_t>(time.count(), 0);
    for (const auto& unit : kUnits) {
        const std::int64_t count = rest / unit.seconds;
        rest %= unit.seconds;
        if (count > 0 || (unit.seconds == 1 && text.empty()))
            text += std::to_string(count) + std::string(unit.letter);
    }
    return text;
}

std::string nameOf(const overlay::Snapshot& snapshot, romon::RomonId id)
{
    if (id == snapshot.self)
        return snapshot.identity.empty() ? id.toString() : snapshot.identity;
    const auto found = std::ranges::lower_bound(snapshot.nodes, id, {}, &overlay::NodeInfo::id);
    if (found == snapshot.nodes.end() || found->id != id || found->identity.empty())
        return id.toString();
    return found->identity;
}

std::string nameAndIdOf(const overlay::Snapshot& snapshot, romon::RomonId id)
{
    const std::string name = nameOf(snapshot, id);
    return name == id.toString() ? name : name + " (" + id.toString() + ')';
}

} // namespace fb::cli
