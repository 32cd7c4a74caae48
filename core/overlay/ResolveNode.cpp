// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Engine.h"

#include <algorithm>
#include <string>

namespace fb::overlay {

namespace {

/// ASCII only: identities are compared the way people type them, not by the rules of a language.
std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return lower;
}

/// A prefix of an id may be typed with any separator or none.
std::string withoutSeparators(std::string text)
{
    std::erase_if(text, [](char letter) { return letter == ':' || letter == '-' || letter == '.'; });
    return text;
}

Error ambiguous(std::string_view text, const std::vector<const NodeInfo*>& candidates)
{
    constexpr std::size_t kNamedMax = 8;
    std::string context(text);
    for (std::size_t at = 0; at < std::min(candidates.size(), kNamedMax); ++at) {
        context += at == 0 ? ": " : ", ";
        context += candidates[at]->id.toString() + " (" + candidates[at]->identity + ')';
    }
    if (candidates.size() > kNamedMax)
        context += ", ...";
    return {.code = ErrorCode::AmbiguousName, .context = std::move(context)};
}

} // namespace

Result<romon::RomonId, Error> resolveNode(const Snapshot& snapshot, std::string_view text)
{
    if (const auto id = romon::RomonId::parse(text)) {
        if (std::ranges::binary_search(snapshot.nodes, *id, {}, &NodeInfo::id))
            return *id;
    }
    const std::string lower = lowered(text);
    const std::string bareHex = withoutSeparators(lower);
    const auto isExact = [&](const NodeInfo& node) { return node.identity == text; };
    const auto isSame = [&](const NodeInfo& node) { return lowered(node.identity) == lower; };
    const auto isPrefix = [&](const NodeInfo& node) {
        return lowered(node.identity).starts_with(lower) ||
               (!bareHex.empty() && withoutSeparators(node.id.toString()).starts_with(bareHex));
    };
    const auto pick = [&](const auto& fits) {
        std::vector<const NodeInfo*> found;
        for (const auto& node : snapshot.nodes) {
            if (!text.empty() && fits(node))
                found.push_back(&node);
        }
        return found;
    };
    for (const auto& found : {pick(isExact), pick(isSame), pick(isPrefix)}) {
        if (found.size() == 1)
            return found.front()->id;
        if (found.size() > 1)
            return failure(ambiguous(text, found));
    }
    return failure(Error{.code = ErrorCode::NoSuchNode, .context = std::string(text)});
}

} // namespace fb::overlay
