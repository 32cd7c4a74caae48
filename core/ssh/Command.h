// SPDX-License-Identifier: Apache-2.0
// What Session's caller asks of its worker thread. Plain values; known inside this room only.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Secret.h"
#include "core/ssh/Session.h"

#include <optional>
#include <string>
#include <variant>

namespace fb::ssh {

struct AnswerHostKey {
    HostKeyAnswer answer = HostKeyAnswer::Reject;
};

struct AnswerPassword {
    Secret password;
};

struct OpenShell {
    TerminalSize size;
    std::string terminalType;
};

struct OpenCommand {
    std::string command;
};

struct OpenChannel {
    ChannelId channel = 0;
    std::variant<OpenShell, OpenCommand> what;
};

struct WriteBytes {
    ChannelId channel = 0;
    ByteVector bytes;
};

struct EndInput {
    ChannelId channel = 0;
};

struct ResizeTerminal {
    ChannelId channel = 0;
    TerminalSize size;
};

struct CloseChannel {
    ChannelId channel = 0;
};

struct ReleaseBytes {
    ChannelId channel = 0;
    std::size_t sizeBytes = 0;
};

using Command = std::variant<AnswerHostKey, AnswerPassword, OpenChannel, WriteBytes, EndInput, ResizeTerminal,
                             CloseChannel, ReleaseBytes>;

} // namespace fb::ssh
