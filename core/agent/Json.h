// SPDX-License-Identifier: Apache-2.0
// The one JSON form of commands, events and everything they carry: the control socket speaks it and so does the command
// line's --json. Names are snake_case, ids and MACs are strings, durations are whole microseconds in members that end
// in _us. Decoding checks every type and range and never throws; docs/control-socket.md is the schema.
#pragma once

#include "core/agent/Command.h"
#include "core/agent/Event.h"
#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/overlay/Snapshot.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace fb::agent {

using Json = nlohmann::json;

[[nodiscard]] Json toJson(const overlay::LinkEnd& end);
[[nodiscard]] Json toJson(const overlay::Hop& hop);
[[nodiscard]] Json toJson(const overlay::Path& path);
[[nodiscard]] Json toJson(const overlay::NodeInfo& node);
[[nodiscard]] Json toJson(const overlay::LinkInfo& link);
[[nodiscard]] Json toJson(const overlay::PortInfo& port);
[[nodiscard]] Json toJson(const overlay::Snapshot& snapshot);
[[nodiscard]] Json toJson(const InterfaceState& interface);
[[nodiscard]] Json toJson(const Statistics& statistics);
/// Fingerprints only.
[[nodiscard]] Json toJson(const SecretsListed& listed);
[[nodiscard]] Json toJson(const PathReport& report);
[[nodiscard]] Json toJson(const SessionInfo& session);
[[nodiscard]] Json toJson(const ScopedPolicy& policy);
[[nodiscard]] Json toJson(const Error& error);
/// An object whose member "type" names the command or event: {"type": "ping_node", ...}.
[[nodiscard]] Json toJson(const Command& command);
/// The socket of a StreamOpened is not in it: a descriptor travels beside the text.
[[nodiscard]] Json toJson(const EventBody& event);

/// All of these fail with InvalidArgument; the context names the member and what is wrong with it.
[[nodiscard]] Result<overlay::Path, Error> pathFromJson(const Json& json);
[[nodiscard]] Result<overlay::Snapshot, Error> snapshotFromJson(const Json& json);
[[nodiscard]] Result<SecretsListed, Error> secretsFromJson(const Json& json);
[[nodiscard]] Result<Error, Error> errorFromJson(const Json& json);
[[nodiscard]] Result<Command, Error> commandFromJson(const Json& json);
/// A StreamOpened comes without its socket: the caller puts it in.
[[nodiscard]] Result<EventBody, Error> eventFromJson(const Json& json);

/// Parses hostile text: bad syntax, bad UTF-8 and nesting deeper than kJsonDepthMax are InvalidArgument.
[[nodiscard]] Result<Json, Error> parseJson(std::string_view text);
/// One line; bytes that are not UTF-8 come out as U+FFFD.
[[nodiscard]] std::string dumpJson(const Json& json);

inline constexpr int kJsonDepthMax = 32;

} // namespace fb::agent
