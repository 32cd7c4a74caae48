// SPDX-License-Identifier: Apache-2.0
#include "core/agent/JsonCodec.h"

namespace fb::agent {

using nlohmann::json;

const json* JsonReader::find(const char* key)
{
    if (!ok())
        return nullptr;
    const auto found = m_object.find(key);
    if (found == m_object.end()) {
        complain(key, "is missing");
        return nullptr;
    }
    return &*found;
}

void JsonReader::complain(std::string_view key, std::string_view what)
{
    if (!ok())
        return;
    m_problem = key.empty() ? std::string("the value") : std::string(key);
    m_problem.append(" ").append(what);
}

bool JsonReader::isNull(const char* key) const
{
    if (!ok())
        return true;
    const auto found = m_object.find(key);
    return found == m_object.end() || found->is_null();
}

void JsonReader::text(const char* key, std::string& value)
{
    const auto* found = find(key);
    if (!found)
        return;
    const auto* string = found->get_ptr<const json::string_t*>();
    if (!string)
        complain(key, "must be a text");
    else if (string->size() > kTextBytesMax)
        complain(key, "is too long");
    else
        value = *string;
}

void JsonReader::flag(const char* key, bool& value)
{
    const auto* found = find(key);
    if (!found)
        return;
    if (const auto* boolean = found->get_ptr<const json::boolean_t*>())
        value = *boolean;
    else
        complain(key, "must be true or false");
}

void JsonReader::ids(const char* key, std::vector<romon::RomonId>& values)
{
    values.clear();
    if (isNull(key))
        return;
    elements(key, values, [&](const json& element, romon::RomonId& id) {
        const auto* string = element.get_ptr<const json::string_t*>();
        const auto parsed = string ? MacAddress::parse(*string) : std::nullopt;
        if (parsed)
            id.value = *parsed;
        else
            complain(key, "must hold ids of nodes");
    });
}

void JsonReader::number(const char* key, std::optional<std::uint64_t>& value)
{
    value.reset();
    if (!isNull(key))
        integer(key, value.emplace());
}

void JsonReader::id(const char* key, std::optional<romon::RomonId>& value)
{
    value.reset();
    if (!isNull(key))
        id(key, value.emplace());
}

void JsonReader::id(const char* key, romon::RomonId& value)
{
    mac(key, value.value);
}

void JsonReader::mac(const char* key, MacAddress& value)
{
    std::string written;
    text(key, written);
    if (!ok())
        return;
    if (const auto address = MacAddress::parse(written))
        value = *address;
    else
        complain(key, "must be an address such as 02:00:00:00:00:01");
}

void JsonReader::integers(const char* key, std::vector<std::uint16_t>& values)
{
    elements(key, values, [&](const json& element, std::uint16_t& value) {
        std::int64_t wide = 0;
        if (!readSigned(key, element, wide))
            return;
        if (wide < 0 || wide > std::numeric_limits<std::uint16_t>::max())
            complain(key, "holds a number that is out of range");
        else
            value = static_cast<std::uint16_t>(wide);
    });
}

void JsonReader::texts(const char* key, std::vector<std::string>& values)
{
    elements(key, values, [&](const json& element, std::string& value) {
        const auto* string = element.get_ptr<const json::string_t*>();
        if (string && string->size() <= kTextBytesMax)
            value = *string;
        else
            complain(key, string ? "holds a text that is too long" : "must be a list of texts");
    });
}

void JsonReader::secrets(const char* key, SecretList& values)
{
    std::vector<std::string> read;
    texts(key, read);
    values.clear();
    for (auto& text : read)
        values.emplace_back(std::move(text));
}

bool JsonReader::readSigned(const char* key, const json& value, std::int64_t& into)
{
    // An unsigned number is also an "integer" to the library; what does not fit in 63 bits is refused here.
    if (value.is_number_unsigned()) {
        const auto number = *value.get_ptr<const json::number_unsigned_t*>();
        if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            into = static_cast<std::int64_t>(number);
            return true;
        }
        complain(key, "is out of range");
        return false;
    }
    if (value.is_number_integer()) {
        into = *value.get_ptr<const json::number_integer_t*>();
        return true;
    }
    complain(key, "must be a whole number");
    return false;
}

} // namespace fb::agent
