// SPDX-License-Identifier: Apache-2.0
#include "core/agent/PortRules.h"

#include <algorithm>
#include <set>
#include <utility>

namespace fb::agent {

namespace {

bool isPattern(std::string_view text)
{
    return text.find_first_of("*?") != std::string_view::npos;
}

/// Characters that a pattern spells out; a plain name counts more than any pattern. Where that is equal, forbidding
/// counts more than using.
std::pair<std::size_t, bool> precedence(const PortRule& rule)
{
    const auto spelledOut = std::ranges::count_if(rule.interface, [](char c) { return c != '*' && c != '?'; });
    return {isPattern(rule.interface) ? static_cast<std::size_t>(spelledOut) : std::string_view::npos,
            rule.use == PortRule::Use::Forbid};
}

} // namespace

std::optional<PortRule> PortRules::find(std::string_view interface) const
{
    if (const auto decision = m_decisions.find(interface); decision != m_decisions.end())
        return decision->second;
    const PortRule* best = nullptr;
    for (const auto& rule : m_rules) {
        if (matchesPattern(rule.interface, interface) && (!best || precedence(rule) > precedence(*best)))
            best = &rule;
    }
    return best ? std::optional(*best) : std::nullopt;
}

std::vector<std::string> PortRules::namedInterfaces() const
{
    std::set<std::string> names;
    for (const auto& rule : m_rules) {
        if (!isPattern(rule.interface))
            names.insert(rule.interface);
    }
    for (const auto& decision : m_decisions) {
        if (decision.second)
            names.insert(decision.first);
        else
            names.erase(decision.first);
    }
    return {names.begin(), names.end()};
}

void PortRules::use(const std::string& interface, std::uint16_t cost)
{
    m_decisions[interface] = PortRule{interface, PortRule::Use::Yes, cost};
}

void PortRules::doNotUse(const std::string& interface)
{
    m_decisions[interface] = std::nullopt;
}

bool matchesPattern(std::string_view pattern, std::string_view text)
{
    // Linear: on a mismatch only the last '*' needs to be tried again, one character further.
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t starText = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p;
            ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            starText = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace fb::agent
