// SPDX-License-Identifier: Apache-2.0
// The error that crosses rooms: a code to decide by, the thing it happened to, and the system's errno where there is
// one. Turning it into a sentence for a person is the business of whoever talks to that person.
#pragma once

#include <string>
#include <string_view>

namespace fb {

enum class ErrorCode {
    InvalidArgument, ///< what was asked makes no sense; context says which part
    NotPermitted,    ///< the operating system or the agent says no
    NoSuchInterface,
    InterfaceDown,
    NoSuchNode,    ///< no node with this id or name is known
    AmbiguousName, ///< more than one node fits the name; context lists them
    NoPath,        ///< the node is known, no usable path leads to it
    NoSuchService, ///< the node refused: nothing answers on that data port
    NotAllowed,    ///< the node refused: this service is not for us
    TimedOut,
    ConnectionReset, ///< the far end no longer knows the stream (it restarted, or gave it up)
    PeerSilent,      ///< nothing was heard from the far end for the configured limit
    Cancelled,
    LimitReached,     ///< a table or queue is full; context says which
    AgentUnavailable, ///< no agent answers on the control socket
    ProtocolMismatch, ///< the two programs do not speak the same version
    AuthenticationFailed,
    HostKeyChanged,
    SystemError, ///< systemErrno says which
    Count,
};

/// A stable lower-case-and-hyphens name such as "no-such-node": for JSON, logs and tests.
[[nodiscard]] std::string_view nameOf(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::SystemError;
    std::string context; ///< what it happened to: a path, an interface, a node, a line of a file
    int systemErrno = 0; ///< errno at that moment, 0 if none

    friend bool operator==(const Error&, const Error&) = default;
};

/// One plain English line: what failed, for what, and the system's words if it had any. For logs and the command line.
[[nodiscard]] std::string describe(const Error& error);

} // namespace fb
