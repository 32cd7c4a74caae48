// SPDX-License-Identifier: Apache-2.0
// A JSON writer and a JSON reader with the same member functions, so that one fields() function describes a type in
// both directions. The reader remembers its first complaint and makes later reads no-ops; it never throws.
#pragma once

#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/MacAddress.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/romon/RomonId.h"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fb::agent {

/// One enumerator and its name in JSON.
template <class Enum>
struct EnumName {
    Enum value;
    std::string_view name;
};

class JsonWriter {
public:
    [[nodiscard]] nlohmann::json take() { return std::move(m_object); }

    void text(const char* key, const std::string& value) { m_object[key] = value; }
    void flag(const char* key, bool value) { m_object[key] = value; }
    void optionalFlag(const char* key, bool value) { flag(key, value); }
    template <class T>
    void integer(const char* key, T value)
    {
        m_object[key] = value;
    }
    void id(const char* key, const romon::RomonId& value) { m_object[key] = value.toString(); }
    void mac(const char* key, const MacAddress& value) { m_object[key] = value.toString(); }
    /// Any chrono duration, written in microseconds.
    template <class Period>
    void duration(const char* key, std::chrono::duration<std::int64_t, Period> value)
    {
        m_object[key] = std::chrono::duration_cast<std::chrono::microseconds>(value).count();
    }
    template <class Period>
    void duration(const char* key, const std::optional<std::chrono::duration<std::int64_t, Period>>& value)
    {
        if (value)
            duration(key, *value);
        else
            m_object[key] = nullptr;
    }
    template <class Enum, std::size_t N>
    void choice(const char* key, Enum value, const std::array<EnumName<Enum>, N>& names)
    {
        for (const auto& entry : names) {
            if (entry.value == value)
                m_object[key] = std::string(entry.name);
        }
    }
    template <class T>
    void object(const char* key, const T& value)
    {
        JsonWriter inner;
        fields(inner, value);
        m_object[key] = inner.take();
    }
    template <class T>
    void object(const char* key, const std::optional<T>& value)
    {
        if (value)
            object(key, *value);
        else
            m_object[key] = nullptr;
    }
    template <class T>
    void list(const char* key, const std::vector<T>& values)
    {
        auto array = nlohmann::json::array();
        for (const auto& value : values) {
            JsonWriter inner;
            fields(inner, value);
            array.push_back(inner.take());
        }
        m_object[key] = std::move(array);
    }
    template <class T>
    void optionalList(const char* key, const std::vector<T>& values)
    {
        list(key, values);
    }
    void ids(const char* key, const std::vector<romon::RomonId>& values)
    {
        auto array = nlohmann::json::array();
        for (const auto& value : values)
            array.push_back(value.toString());
        m_object[key] = std::move(array);
    }
    void number(const char* key, const std::optional<std::uint64_t>& value)
    {
        m_object[key] = value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    }
    void id(const char* key, const std::optional<romon::RomonId>& value)
    {
        m_object[key] = value ? nlohmann::json(value->toString()) : nlohmann::json(nullptr);
    }
    void integers(const char* key, const std::vector<std::uint16_t>& values) { m_object[key] = values; }
    void texts(const char* key, const std::vector<std::string>& values) { m_object[key] = values; }
    /// The secrets themselves: for the local socket only.
    void secrets(const char* key, const SecretList& values)
    {
        auto array = nlohmann::json::array();
        for (const auto& value : values)
            array.push_back(value.reveal());
        m_object[key] = std::move(array);
    }
    /// A number that readers of the text like to have and that decoding computes anew.
    void derived(const char* key, std::uint32_t value) { m_object[key] = value; }

private:
    nlohmann::json m_object = nlohmann::json::object();
};

class JsonReader {
public:
    static constexpr std::size_t kTextBytesMax = 4096;

    explicit JsonReader(const nlohmann::json& object) : m_object(object)
    {
        if (!object.is_object())
            complain("", "must be an object");
    }

    [[nodiscard]] bool ok() const { return m_problem.empty(); }
    /// The first complaint, as the Error that decoding fails with.
    [[nodiscard]] Error error() const { return Error{ErrorCode::InvalidArgument, m_problem}; }

    void text(const char* key, std::string& value);
    void flag(const char* key, bool& value);
    void id(const char* key, romon::RomonId& value);
    void mac(const char* key, MacAddress& value);
    void integers(const char* key, std::vector<std::uint16_t>& values);
    void texts(const char* key, std::vector<std::string>& values);
    void secrets(const char* key, SecretList& values);
    // These may be left out: then they are empty.
    void ids(const char* key, std::vector<romon::RomonId>& values);
    void optionalFlag(const char* key, bool& value)
    {
        value = false;
        if (!isNull(key))
            flag(key, value);
    }
    void number(const char* key, std::optional<std::uint64_t>& value);
    void id(const char* key, std::optional<romon::RomonId>& value);
    void derived(const char*, std::uint32_t) {}

    template <class T>
    void integer(const char* key, T& value)
    {
        std::int64_t wide = 0;
        constexpr auto max = std::numeric_limits<T>::max();
        if constexpr (sizeof(T) == 8 && std::is_unsigned_v<T>) {
            if (const auto* found = find(key))
                readUnsigned(key, *found, value);
        } else if (const auto* found = find(key); found && readSigned(key, *found, wide)) {
            if (wide < std::int64_t{std::numeric_limits<T>::min()} || wide > std::int64_t{max})
                complain(key, "is out of range");
            else
                value = static_cast<T>(wide);
        }
    }
    template <class Period>
    void duration(const char* key, std::chrono::duration<std::int64_t, Period>& value)
    {
        std::int64_t microseconds = 0;
        const auto* found = find(key);
        if (!found || !readSigned(key, *found, microseconds))
            return;
        if (microseconds < 0 || microseconds > kMicrosecondsMax)
            complain(key, "is not a duration");
        else
            value = std::chrono::duration_cast<std::chrono::duration<std::int64_t, Period>>(
                std::chrono::microseconds(microseconds));
    }
    template <class Period>
    void duration(const char* key, std::optional<std::chrono::duration<std::int64_t, Period>>& value)
    {
        value.reset();
        if (isNull(key))
            return;
        std::chrono::duration<std::int64_t, Period> read{};
        duration(key, read);
        value = read;
    }
    template <class Enum, std::size_t N>
    void choice(const char* key, Enum& value, const std::array<EnumName<Enum>, N>& names)
    {
        std::string name;
        text(key, name);
        if (!ok())
            return;
        for (const auto& entry : names) {
            if (entry.name == name) {
                value = entry.value;
                return;
            }
        }
        complain(key, "has an unknown value");
    }
    template <class T>
    void object(const char* key, T& value)
    {
        if (const auto* found = find(key))
            readInner(key, *found, value);
    }
    template <class T>
    void object(const char* key, std::optional<T>& value)
    {
        value.reset();
        if (isNull(key))
            return;
        value.emplace();
        object(key, *value);
    }
    template <class T>
    void list(const char* key, std::vector<T>& values)
    {
        elements(key, values, [&](const nlohmann::json& element, T& value) { readInner(key, element, value); });
    }

    /// A list that may be left out: then it is empty.
    template <class T>
    void optionalList(const char* key, std::vector<T>& values)
    {
        values.clear();
        if (!isNull(key))
            list(key, values);
    }

    /// The member, or null with a complaint noted; also null once anything else has gone wrong.
    [[nodiscard]] const nlohmann::json* find(const char* key);
    void complain(std::string_view key, std::string_view what);

private:
    /// 100 years: whatever is longer is not a duration but a mistake.
    static constexpr std::int64_t kMicrosecondsMax = std::int64_t{100} * 366 * 86400 * 1'000'000;

    [[nodiscard]] bool isNull(const char* key) const;
    /// Every element of the list, each read by `readOne`; ends at the first complaint.
    template <class T, class ReadOne>
    void elements(const char* key, std::vector<T>& values, const ReadOne& readOne)
    {
        values.clear();
        const auto* found = find(key);
        if (!found)
            return;
        if (!found->is_array()) {
            complain(key, "must be a list");
            return;
        }
        values.reserve(found->size());
        for (const auto& element : *found) {
            readOne(element, values.emplace_back());
            if (!ok())
                return;
        }
    }
    bool readSigned(const char* key, const nlohmann::json& value, std::int64_t& into);
    template <class T>
    void readUnsigned(const char* key, const nlohmann::json& value, T& into)
    {
        if (value.is_number_unsigned())
            into = *value.get_ptr<const nlohmann::json::number_unsigned_t*>();
        else
            complain(key, "must be a whole number, not negative");
    }
    template <class T>
    void readInner(const char* key, const nlohmann::json& value, T& into)
    {
        JsonReader inner(value);
        if (inner.ok())
            fields(inner, into);
        if (!inner.ok() && ok())
            m_problem = std::string(key) + "." + inner.m_problem;
    }

    const nlohmann::json& m_object;
    std::string m_problem;
};

} // namespace fb::agent
