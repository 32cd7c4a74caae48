// SPDX-License-Identifier: Apache-2.0
// Characters of several code points (a base and its combining marks), each stored once and named by a glyph number that
// fits into a cell. So cells move, wrap and scroll as plain values. The number of entries is limited; entries no cell
// uses any more are found again by marking.
#pragma once

#include "core/terminal/Cell.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fb::terminal {

class Clusters {
public:
    static constexpr std::size_t kEntriesMax = 8192;
    static constexpr std::size_t kCodePointsMax = 8; ///< of one character, base included

    [[nodiscard]] static constexpr bool isCluster(char32_t glyph) { return glyph >= Cell::kClusterBase; }

    /// The glyph for this text; nothing if all entries are taken.
    [[nodiscard]] std::optional<char32_t> glyphFor(std::u32string_view text);

    /// The code points of a glyph made by glyphFor() and still in use.
    [[nodiscard]] std::u32string_view textOf(char32_t glyph) const;

    /// Forgets every entry that `isUsed` (indexed by glyph - Cell::kClusterBase) does not name.
    void keepOnly(const std::vector<bool>& isUsed);

    [[nodiscard]] std::size_t size() const { return m_byText.size(); }

private:
    std::vector<std::u32string> m_texts;
    std::vector<std::size_t> m_free;
    std::unordered_map<std::u32string, std::size_t> m_byText;
};

} // namespace fb::terminal
