// SPDX-License-Identifier: Apache-2.0
// Takes the keys of one TOML table by type and range, and complains about each that is wrong or that nobody took. Only
// Config.cpp and SecretFile.cpp use it: toml++ stays behind them.
#pragma once

#include "core/agent/ConfigError.h"

// What strangers to the format write as a key, such as "[!x]", fails an assertion of the library before its parser
// complains about it; without its assertions it complains.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fb::agent {

class ConfigReader {
public:
    /// `where` names the table in messages, such as "[ssh]"; empty for the top of the file.
    ConfigReader(const toml::table& table, std::string where, ConfigErrors& errors)
        : m_table(table), m_where(std::move(where)), m_errors(errors)
    {
    }

    struct TextLimits {
        std::size_t bytesMin = 1;
        std::size_t bytesMax = 255;
    };
    [[nodiscard]] std::optional<std::string> text(std::string_view key, TextLimits limits);
    struct Range {
        std::int64_t min = 0;
        std::int64_t max = std::numeric_limits<std::int64_t>::max();
    };
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Range range);
    [[nodiscard]] std::optional<bool> flag(std::string_view key);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key);
    [[nodiscard]] const toml::table* table(std::string_view key);
    /// The tables of [[key]].
    [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);

    /// For a value that is of the right type and makes no sense.
    void complain(std::string_view key, const std::string& what);
    [[nodiscard]] std::uint32_t line() const { return m_table.source().begin.line; }

    /// Complains about every key that was not asked for; `known` are named as what is allowed.
    void refuseOthers();

private:
    [[nodiscard]] const toml::node* take(std::string_view key);
    [[nodiscard]] std::string nameOf(std::string_view key) const;
    void complainType(const toml::node& node, std::string_view key, const std::string& wanted);

    const toml::table& m_table;
    std::string m_where;
    ConfigErrors& m_errors;
    std::set<std::string, std::less<>> m_taken;
};

} // namespace fb::agent
