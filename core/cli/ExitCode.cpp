// SPDX-License-Identifier: Apache-2.0
#include "core/cli/ExitCode.h"

#include "core/base/Assert.h"

#include <array>

namespace fb::cli {

namespace {

struct Advice {
    ErrorCode code;
    ExitCode exitCode;
    std::string_view hint; ///< empty: nothing useful to try
};

constexpr std::array kAdvice{
    Advice{ErrorCode::InvalidArgument, ExitCode::Usage, "footbridgectl COMMAND --help shows an example"},
    Advice{ErrorCode::NotPermitted, ExitCode::NoAgent,
           "ask the administrator to name you in [control] of footbridged.toml, or to let you run footbridge-capture"},
    Advice{ErrorCode::NoSuchInterface, ExitCode::Failed, "footbridgectl ports lists the interfaces"},
    Advice{ErrorCode::InterfaceDown, ExitCode::Failed, "bring it up: ip link set dev INTERFACE up"},
    Advice{ErrorCode::NoSuchNode, ExitCode::NoSuchNode, "footbridgectl neighbors lists who is there"},
    Advice{ErrorCode::AmbiguousName, ExitCode::NoSuchNode, "use the RoMON id instead of the name"},
    Advice{ErrorCode::NoPath, ExitCode::Unreachable, "footbridgectl neighbors --watch shows when it comes back"},
    Advice{ErrorCode::NoSuchService, ExitCode::Unreachable, "its agent must be configured to offer it"},
    Advice{ErrorCode::NotAllowed, ExitCode::Unreachable, "its agent must be configured to allow this node"},
    Advice{ErrorCode::TimedOut, ExitCode::Unreachable, "footbridgectl trace shows where the way ends"},
    Advice{ErrorCode::ConnectionReset, ExitCode::Unreachable, "connect again"},
    Advice{ErrorCode::PeerSilent, ExitCode::Unreachable, "footbridgectl trace shows where the way ends"},
    Advice{ErrorCode::Cancelled, ExitCode::Interrupted, ""},
    Advice{ErrorCode::LimitReached, ExitCode::Failed, "end other sessions and try again"},
    Advice{ErrorCode::AgentUnavailable, ExitCode::NoAgent,
           "start footbridged, or name the interfaces to use with --interface"},
    Advice{ErrorCode::ProtocolMismatch, ExitCode::Failed, "install the same version of both programs"},
    Advice{ErrorCode::AuthenticationFailed, ExitCode::Unreachable, ""},
    Advice{ErrorCode::HostKeyChanged, ExitCode::Unreachable, ""},
    Advice{ErrorCode::SystemError, ExitCode::Failed, ""},
};
static_assert(kAdvice.size() == static_cast<std::size_t>(ErrorCode::Count));

const Advice& adviceFor(ErrorCode code)
{
    const auto index = static_cast<std::size_t>(code);
    FB_ASSERT(index < kAdvice.size() && kAdvice[index].code == code);
    return kAdvice[index];
}

} // namespace

ExitCode exitCodeFor(ErrorCode code)
{
    return adviceFor(code).exitCode;
}

std::string explain(const Error& error, std::string_view subject)
{
    Error shown = error;
    if (!subject.empty()) {
        const bool isSaid = error.context.empty() || subject.find(error.context) != std::string_view::npos;
        shown.context = std::string(subject);
        if (!isSaid)
            shown.context += ": " + error.context;
    }
    std::string line = describe(shown);
    if (!adviceFor(error.code).hint.empty())
        line += "; " + std::string(adviceFor(error.code).hint);
    return line;
}

} // namespace fb::cli
