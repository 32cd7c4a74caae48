// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Clusters.h"

#include "core/base/Assert.h"

namespace fb::terminal {

std::optional<char32_t> Clusters::glyphFor(std::u32string_view text)
{
    FB_ASSERT(!text.empty() && text.size() <= kCodePointsMax);
    std::u32string key(text);
    const auto found = m_byText.find(key);
    if (found != m_byText.end())
        return Cell::kClusterBase + static_cast<char32_t>(found->second);
    std::size_t index = m_texts.size();
    if (!m_free.empty()) {
        index = m_free.back();
        m_free.pop_back();
        m_texts[index] = key;
    } else if (index < kEntriesMax) {
        m_texts.push_back(key);
    } else {
        return std::nullopt;
    }
    m_byText.emplace(std::move(key), index);
    return Cell::kClusterBase + static_cast<char32_t>(index);
}

std::u32string_view Clusters::textOf(char32_t glyph) const
{
    const auto index = static_cast<std::size_t>(glyph - Cell::kClusterBase);
    FB_ASSERT(isCluster(glyph) && index < m_texts.size());
    return m_texts[index];
}

void Clusters::keepOnly(const std::vector<bool>& isUsed)
{
    for (std::size_t index = 0; index < m_texts.size(); ++index) {
        if (m_texts[index].empty() || (index < isUsed.size() && isUsed[index]))
            continue;
        m_byText.erase(m_texts[index]);
        m_texts[index].clear();
        m_free.push_back(index);
    }
}

} // namespace fb::terminal
