// SPDX-License-Identifier: Apache-2.0
// Who is there, and which node a person means. A name is looked up only in a list that has settled: the first node that
// answers to a prefix must not win over one that answers a moment later.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/Conversation.h"
#include "core/romon/RomonId.h"

#include <string>

namespace fb::cli {

/// A list has settled when nothing new was heard for so long: longer than from one round of questions to the next.
inline constexpr Duration kSettleTime = std::chrono::milliseconds(1200);
inline constexpr Duration kCollectMax = std::chrono::seconds(2);
inline constexpr Duration kLookupMax = std::chrono::seconds(4);

/// Watches until the list has settled, at most `atMost`; an empty list does not settle. The watch goes on until the
/// service ends, so that the map stays fresh for what follows.
[[nodiscard]] Result<SnapshotPointer, Error> collectUntilSettled(Conversation& talk, Duration atMost);
/// Watches for exactly this long.
[[nodiscard]] Result<SnapshotPointer, Error> collectFor(Conversation& talk, Duration time);

struct FoundNode {
    romon::RomonId id;
    std::string label; ///< "barn (02:00:00:00:00:04)": for messages
    SnapshotPointer snapshot;
};

/// How sure a command wants to be of the map before it goes on.
enum class Certainty {
    Heard,   ///< the node was heard just now: to use it
    Settled, ///< the whole list has settled again: to tell the way as it is
};

/// Fails with NoSuchNode or AmbiguousName, at the latest after `atMost`. A node that is known and has no path now is
/// waited for as well, and found without one in the end. The watch goes on, so that the way is kept up to date.
[[nodiscard]] Result<FoundNode, Error> findNode(Conversation& talk, const std::string& text, Certainty certainty,
                                                Duration atMost);

} // namespace fb::cli
