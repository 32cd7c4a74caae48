// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Json.h"

#include "core/agent/JsonFields.h"
#include "core/agent/JsonPathFields.h"

#include <tuple>

namespace fb::agent {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Command>> kCommandNames{
    "watch_neighbors", "get_snapshot",      "find_paths",        "ping_node",
    "open_stream",     "list_interfaces",   "set_port",          "get_statistics",
    "set_path_policy", "clear_path_policy", "get_path_policies", "get_sessions",
    "list_secrets",    "change_secrets",    "confirm_secrets",   "cancel"};

constexpr std::array<std::string_view, std::variant_size_v<EventBody>> kEventNames{
    "snapshot_changed", "paths_found",          "ping_result",      "stream_opened",
    "stream_rerouted",  "stream_silent",        "stream_ended",     "interfaces_listed",
    "sessions_listed",  "path_policies_listed", "statistics_taken", "secrets_listed",
    "command_done",     "command_failed",       "service_lost",     "duplicate_id_alarm"};

template <class T>
Json write(const T& value)
{
    JsonWriter writer;
    fields(writer, value);
    return writer.take();
}

template <class T>
Result<T, Error> read(const Json& json)
{
    T value;
    JsonReader reader(json);
    if (reader.ok())
        fields(reader, value);
    if (!reader.ok())
        return failure(reader.error());
    return value;
}

template <class Variant, std::size_t Count>
Json writeVariant(const Variant& value, const std::array<std::string_view, Count>& names)
{
    auto json = std::visit([](const auto& alternative) { return write(alternative); }, value);
    json["type"] = std::string(names[value.index()]);
    return json;
}

/// Reads the alternative whose index is `wanted`; the table of readers has one entry an alternative.
template <class Variant, std::size_t... Index>
bool readAlternative(std::size_t wanted, JsonReader& reader, Variant& into, std::index_sequence<Index...>)
{
    const auto readIf = [&](auto index) {
        if (index != wanted)
            return false;
        fields(reader, into.template emplace<index>());
        return true;
    };
    return (readIf(std::integral_constant<std::size_t, Index>{}) || ...);
}

template <class Variant, std::size_t Count>
Result<Variant, Error> readVariant(const Json& json, const std::array<std::string_view, Count>& names)
{
    JsonReader reader(json);
    std::string type;
    reader.text("type", type);
    if (!reader.ok())
        return failure(reader.error());
    const auto found = std::ranges::find(names, type);
    if (found == names.end())
        return failure(Error{ErrorCode::InvalidArgument, "type is unknown: " + type.substr(0, 64)});
    Variant value;
    readAlternative(static_cast<std::size_t>(found - names.begin()), reader, value, std::make_index_sequence<Count>{});
    if (!reader.ok())
        return failure(reader.error());
    return value;
}

/// Whether brackets outside of strings nest deeper than allowed. Good for any text: what is not JSON fails later.
bool nestsTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kJsonDepthMax)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

Json toJson(const overlay::LinkEnd& end)
{
    return write(end);
}

Json toJson(const overlay::Hop& hop)
{
    return write(hop);
}

Json toJson(const overlay::Path& path)
{
    return write(path);
}

Json toJson(const overlay::NodeInfo& node)
{
    return write(node);
}

Json toJson(const overlay::LinkInfo& link)
{
    return write(link);
}

Json toJson(const overlay::PortInfo& port)
{
    return write(port);
}

Json toJson(const overlay::Snapshot& snapshot)
{
    return write(snapshot);
}

Json toJson(const PathReport& report)
{
    return write(report);
}

Json toJson(const SessionInfo& session)
{
    return write(session);
}

Json toJson(const ScopedPolicy& policy)
{
    return write(policy);
}

Json toJson(const InterfaceState& interface)
{
    return write(interface);
}

Json toJson(const Statistics& statistics)
{
    return write(statistics);
}

Json toJson(const SecretsListed& listed)
{
    return write(listed);
}

Json toJson(const Error& error)
{
    return write(error);
}

Json toJson(const Command& command)
{
    return writeVariant(command, kCommandNames);
}

Json toJson(const EventBody& event)
{
    return writeVariant(event, kEventNames);
}

Result<overlay::Path, Error> pathFromJson(const Json& json)
{
    return read<overlay::Path>(json);
}

Result<overlay::Snapshot, Error> snapshotFromJson(const Json& json)
{
    return read<overlay::Snapshot>(json);
}

Result<SecretsListed, Error> secretsFromJson(const Json& json)
{
    return read<SecretsListed>(json);
}

Result<Error, Error> errorFromJson(const Json& json)
{
    // Spelled out: a Result whose value and error have the same type can only be told apart by failure().
    Error value;
    JsonReader reader(json);
    if (reader.ok())
        fields(reader, value);
    if (!reader.ok())
        return failure(reader.error());
    return value;
}

Result<Command, Error> commandFromJson(const Json& json)
{
    return readVariant<Command>(json, kCommandNames);
}

Result<EventBody, Error> eventFromJson(const Json& json)
{
    return readVariant<EventBody>(json, kEventNames);
}

Result<Json, Error> parseJson(std::string_view text)
{
    if (nestsTooDeep(text))
        return failure(Error{ErrorCode::InvalidArgument, "the JSON nests too deep"});
    auto json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        return failure(Error{ErrorCode::InvalidArgument, "that is not JSON"});
    return json;
}

std::string dumpJson(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace fb::agent
