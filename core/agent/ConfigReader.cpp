// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ConfigReader.h"

namespace fb::agent {

namespace {

constexpr std::size_t kListMax = 256;

std::string_view nameOfType(toml::node_type type)
{
    switch (type) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::string:
        return "a text";
    case toml::node_type::integer:
        return "a whole number";
    case toml::node_type::floating_point:
        return "a number";
    case toml::node_type::boolean:
        return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
        return "a date or time";
    case toml::node_type::none:
        break;
    }
    return "nothing";
}

} // namespace

const toml::node* ConfigReader::take(std::string_view key)
{
    m_taken.emplace(key);
    return m_table.get(key);
}

std::string ConfigReader::nameOf(std::string_view key) const
{
    return m_where.empty() ? std::string(key) : m_where + " " + std::string(key);
}

void ConfigReader::complainType(const toml::node& node, std::string_view key, const std::string& wanted)
{
    m_errors.add(node.source().begin.line,
                 nameOf(key) + " is " + std::string(nameOfType(node.type())) + ", it must be " + wanted);
}

void ConfigReader::complain(std::string_view key, const std::string& what)
{
    const auto* node = m_table.get(key);
    m_errors.add(node ? node->source().begin.line : line(), nameOf(key) + " " + what);
}

std::optional<std::string> ConfigReader::text(std::string_view key, TextLimits limits)
{
    const auto* node = take(key);
    if (!node)
        return std::nullopt;
    const auto* value = node->as_string();
    if (!value) {
        complainType(*node, key, "a text");
        return std::nullopt;
    }
    const auto& text = value->get();
    if (text.size() < limits.bytesMin || text.size() > limits.bytesMax) {
        complain(key,
                 "must have " + std::to_string(limits.bytesMin) + " to " + std::to_string(limits.bytesMax) + " bytes");
        return std::nullopt;
    }
    return text;
}

std::optional<std::int64_t> ConfigReader::integer(std::string_view key, Range range)
{
    const auto* node = take(key);
    if (!node)
        return std::nullopt;
    const auto* value = node->as_integer();
    if (!value) {
        complainType(*node, key, "a whole number");
        return std::nullopt;
    }
    if (value->get() < range.min || value->get() > range.max) {
        complain(key, "is " + std::to_string(value->get()) + ", it must be " + std::to_string(range.min) + " to " +
                          std::to_string(range.max));
        return std::nullopt;
    }
    return value->get();
}

std::optional<bool> ConfigReader::flag(std::string_view key)
{
    const auto* node = take(key);
    if (!node)
        return std::nullopt;
    const auto* value = node->as_boolean();
    if (!value) {
        complainType(*node, key, "true or false");
        return std::nullopt;
    }
    return value->get();
}

std::vector<std::string> ConfigReader::texts(std::string_view key)
{
    std::vector<std::string> values;
    const auto* node = take(key);
    if (!node)
        return values;
    const auto* list = node->as_array();
    if (!list) {
        complainType(*node, key, "a list of texts");
        return values;
    }
    if (list->size() > kListMax) {
        complain(key, "has more than " + std::to_string(kListMax) + " entries");
        return values;
    }
    for (const auto& element : *list) {
        if (const auto* value = element.as_string())
            values.push_back(value->get());
        else
            complainType(element, key, "a list of texts");
    }
    return values;
}

const toml::table* ConfigReader::table(std::string_view key)
{
    const auto* node = take(key);
    if (!node)
        return nullptr;
    const auto* value = node->as_table();
    if (!value)
        complainType(*node, key, "a table: write [" + std::string(key) + "]");
    return value;
}

std::vector<const toml::table*> ConfigReader::tables(std::string_view key)
{
    std::vector<const toml::table*> values;
    const auto* node = take(key);
    if (!node)
        return values;
    const auto* list = node->as_array();
    if (!list || list->size() > kListMax) {
        if (list)
            complain(key, "has more than " + std::to_string(kListMax) + " entries");
        else
            complainType(*node, key, "a list of tables: write [[" + std::string(key) + "]]");
        return values;
    }
    for (const auto& element : *list) {
        if (const auto* value = element.as_table())
            values.push_back(value);
        else
            complainType(element, key, "a list of tables: write [[" + std::string(key) + "]]");
    }
    return values;
}

void ConfigReader::refuseOthers()
{
    std::string allowed;
    for (const auto& key : m_taken)
        allowed.append(allowed.empty() ? "" : ", ").append(key);
    for (const auto& entry : m_table) {
        const auto key = entry.first.str();
        if (!m_taken.contains(key))
            m_errors.add(entry.first.source().begin.line,
                         nameOf(key.substr(0, 64)) + " is unknown here; allowed: " + allowed);
    }
}

} // namespace fb::agent
