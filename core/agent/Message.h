// SPDX-License-Identifier: Apache-2.0
// What travels on the control socket, above the framing: a hello each way, commands, events, and a goodbye that says
// why. Every message is one JSON object; docs/control-socket.md is the schema.
#pragma once

#include "core/agent/Json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace fb::agent {

/// Grows when a program of the old version would misunderstand one of the new.
inline constexpr std::uint32_t kProtocolVersion = 1;

/// The first message of each side.
struct HelloMessage {
    std::uint32_t protocol = kProtocolVersion;
    std::string program; ///< name and version, for logs
};

struct CommandMessage {
    RequestId request = 0;
    Command command;
};

struct EventMessage {
    RequestId request = 0;
    EventBody body;
};

/// The sender closes the connection after this.
struct GoodbyeMessage {
    Error error;
};

using Message = std::variant<HelloMessage, CommandMessage, EventMessage, GoodbyeMessage>;

[[nodiscard]] std::string encodeMessage(const Message& message);
/// Fails with InvalidArgument; the context says what is wrong.
[[nodiscard]] Result<Message, Error> decodeMessage(std::string_view text);

} // namespace fb::agent
