// SPDX-License-Identifier: Apache-2.0
// A map of limited size that keeps its entries in the order of their last use: whoever was not used for the longest
// time makes room for another one, and no walk through the table is needed to find it.
#pragma once

#include "core/base/Assert.h"

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace fb::overlay {

template <class Key, class Value>
class RecentMap {
public:
    explicit RecentMap(std::size_t sizeMax) : m_sizeMax(sizeMax) { FB_ASSERT(sizeMax > 0); }

    [[nodiscard]] std::size_t size() const { return m_index.size(); }
    /// Looking is no use: the order stays. Null if there is none.
    [[nodiscard]] const Value* find(const Key& key) const
    {
        const auto found = m_index.find(key);
        return found == m_index.end() ? nullptr : &found->second->second;
    }
    /// The entry, used last from here on; made if there is none.
    [[nodiscard]] Value& use(const Key& key)
    {
        if (const auto found = m_index.find(key); found != m_index.end()) {
            m_entries.splice(m_entries.end(), m_entries, found->second);
            return found->second->second;
        }
        if (m_index.size() == m_sizeMax) {
            m_index.erase(m_entries.front().first);
            m_entries.pop_front();
        }
        m_index.emplace(key, m_entries.emplace(m_entries.end(), key, Value()));
        return m_entries.back().second;
    }
    void erase(const Key& key)
    {
        const auto found = m_index.find(key);
        if (found == m_index.end())
            return;
        m_entries.erase(found->second);
        m_index.erase(found);
    }
    /// What has to go for one more; null while there is room.
    [[nodiscard]] const Value* leaving() const
    {
        return m_index.size() < m_sizeMax ? nullptr : &m_entries.front().second;
    }

private:
    using Entries = std::list<std::pair<Key, Value>>;

    std::size_t m_sizeMax;
    Entries m_entries; ///< used last: at the end
    std::map<Key, typename Entries::iterator> m_index;
};

} // namespace fb::overlay
