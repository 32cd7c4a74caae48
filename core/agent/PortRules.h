// SPDX-License-Identifier: Apache-2.0
// Which interfaces are ports of the overlay. Entries name an interface or are patterns with '*' and '?'; the more
// specific entry wins, wherever it stands, as RouterOS does it since 6.29 (reference: official documentation). An
// interface that no entry names is never sent on. Of equally specific patterns one that forbids wins (ours).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fb::agent {

struct PortRule {
    enum class Use { Yes, Forbid };
    std::string interface; ///< a name, or a pattern
    Use use = Use::Yes;
    std::uint16_t cost = 100;

    friend bool operator==(const PortRule&, const PortRule&) = default;
};

class PortRules {
public:
    explicit PortRules(std::vector<PortRule> rules) : m_rules(std::move(rules)) {}

    /// The rule for an interface; none if it is not a port.
    [[nodiscard]] std::optional<PortRule> find(std::string_view interface) const;
    /// Interfaces named without a pattern: they are ports even while they do not exist. Ascending.
    [[nodiscard]] std::vector<std::string> namedInterfaces() const;

    /// A user's decision, stronger than the configuration until the program ends.
    void use(const std::string& interface, std::uint16_t cost);
    void doNotUse(const std::string& interface);

    /// New rules from the configuration; decisions of users stay.
    void replace(std::vector<PortRule> rules) { m_rules = std::move(rules); }

private:
    std::vector<PortRule> m_rules;
    std::map<std::string, std::optional<PortRule>, std::less<>> m_decisions; ///< none: not a port
};

/// '*' stands for any number of characters, '?' for one.
[[nodiscard]] bool matchesPattern(std::string_view pattern, std::string_view text);

} // namespace fb::agent
