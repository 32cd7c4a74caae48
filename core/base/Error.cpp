// SPDX-License-Identifier: Apache-2.0
#include "core/base/Error.h"

#include "core/base/Assert.h"

#include <array>
#include <system_error>

namespace fb {

namespace {

struct CodeText {
    ErrorCode code;
    std::string_view name;
    std::string_view sentence;
};

constexpr std::array kTexts{
    CodeText{ErrorCode::InvalidArgument, "invalid-argument", "that makes no sense here"},
    CodeText{ErrorCode::NotPermitted, "not-permitted", "not permitted"},
    CodeText{ErrorCode::NoSuchInterface, "no-such-interface", "there is no such interface"},
    CodeText{ErrorCode::InterfaceDown, "interface-down", "the interface is down"},
    CodeText{ErrorCode::NoSuchNode, "no-such-node", "no such node has been heard"},
    CodeText{ErrorCode::AmbiguousName, "ambiguous-name", "several nodes have that name"},
    CodeText{ErrorCode::NoPath, "no-path", "no path leads there"},
    CodeText{ErrorCode::NoSuchService, "no-such-service", "the device does not offer that service"},
    CodeText{ErrorCode::NotAllowed, "not-allowed", "the device does not allow it"},
    CodeText{ErrorCode::TimedOut, "timed-out", "no answer in time"},
    CodeText{ErrorCode::ConnectionReset, "connection-reset",
             "the device no longer knows this session; it has probably restarted"},
    CodeText{ErrorCode::PeerSilent, "peer-silent", "the device has fallen silent"},
    CodeText{ErrorCode::Cancelled, "cancelled", "cancelled"},
    CodeText{ErrorCode::LimitReached, "limit-reached", "a limit is reached"},
    CodeText{ErrorCode::AgentUnavailable, "agent-unavailable", "no agent answers"},
    CodeText{ErrorCode::ProtocolMismatch, "protocol-mismatch", "the two programs do not speak the same version"},
    CodeText{ErrorCode::AuthenticationFailed, "authentication-failed", "the device did not accept the login"},
    CodeText{ErrorCode::HostKeyChanged, "host-key-changed", "the host key is not the one that was pinned"},
    CodeText{ErrorCode::SystemError, "system-error", "the system refused"},
};
static_assert(kTexts.size() == static_cast<std::size_t>(ErrorCode::Count));

const CodeText& textOf(ErrorCode code)
{
    const auto index = static_cast<std::size_t>(code);
    FB_ASSERT(index < kTexts.size() && kTexts[index].code == code);
    return kTexts[index];
}

} // namespace

std::string_view nameOf(ErrorCode code)
{
    return textOf(code).name;
}

std::string describe(const Error& error)
{
    std::string line;
    if (!error.context.empty())
        line = error.context + ": ";
    line += textOf(error.code).sentence;
    if (error.systemErrno != 0)
        line += " (" + std::generic_category().message(error.systemErrno) + ')';
    return line;
}

} // namespace fb
