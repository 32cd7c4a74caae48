// SPDX-License-Identifier: Apache-2.0
// A parsed command line: what footbridgectl was asked to do, as plain values.
#pragma once

#include "core/base/Instant.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fb::cli {

enum class Format { Text, Json };

struct GlobalOptions {
    std::string socket = "/run/footbridge/agent.sock";
    std::vector<std::string> interfaces; ///< for a node of our own where no agent runs
    Format format = Format::Text;
    std::optional<Duration> timeout; ///< none: each command's own default
};

struct NeighborsCommand {
    enum class Mode { Once, Watch } mode = Mode::Once;
    std::optional<Duration> wait; ///< none: until the list has settled
};
struct PathCommand {
    std::string node;
    std::uint32_t count = 4;
    std::vector<std::string> avoidNodes{};
    std::vector<std::string> avoidLinks{}; ///< NODE:LINK each
};
/// path pin, avoid, clear, show: what sessions may use.
struct PathPolicyCommand {
    enum class Action { Pin, Avoid, Clear, Show } action = Action::Show;
    std::string node;                     ///< pin: the target; avoid, clear: for sessions to it; empty: for all
    std::optional<std::uint64_t> session; ///< for this one alone
    std::uint32_t number = 1;             ///< pin: which of the paths, as `path` lists them
    enum class Strict { No, Yes } strict = Strict::No;
    std::vector<std::string> avoidNodes{};
    std::vector<std::string> avoidLinks{};
};
struct SessionsCommand {};
struct PingCommand {
    std::string node;
    std::uint32_t count = 4; ///< 0: until interrupted
    Duration interval = std::chrono::seconds(1);
    std::uint32_t sizeBytes = 32;
};
struct TraceCommand {
    std::string node;
    std::uint32_t count = 3;
};
struct ConnectCommand {
    std::string node;
    std::uint16_t service = 3;
    enum class Handover { Relay, PassDescriptor } handover = Handover::Relay;
};
struct PortsCommand {};
struct StatsCommand {
    enum class Form { Text, Prometheus } form = Form::Text;
    enum class Zeros { Hide, Show } zeros = Zeros::Hide;
};
struct SecretsCommand {
    enum class Verb { List, Add, First, Remove, Set, Clear, Confirm, Revert } verb = Verb::List;
    std::string port;  ///< the list of this port; empty: the one for all
    std::string where; ///< a fingerprint: every list that holds it
    std::vector<std::string> fingerprints;
    enum class Empty { No, Yes } empty = Empty::No; ///< Yes: the empty secret is meant, nothing is read
    std::optional<Duration> confirmWithin;
};
struct RotateCommand {
    enum class Mode { Start, Resume, Abandon, DryRun } mode = Mode::Start;
    std::vector<std::string> nodes; ///< [USER@]NODE; none: every node of the map
    std::string nodesFile;          ///< the same, one a line
    std::vector<std::string> skip;
    std::string user;
    std::vector<std::string> sshOptions;    ///< words for ssh
    std::string program = "footbridgectl";  ///< as it is called on the nodes
    std::chrono::seconds confirmWithin{60}; ///< a node puts its change back after this
};
/// ssh, scp or sftp, with the words that follow exactly as they were given.
struct OpenSshCommand {
    enum class Tool { Ssh, Scp, Sftp } tool = Tool::Ssh;
    std::vector<std::string> arguments;
};
struct SshConfigCommand {
    std::vector<std::string> nodes; ///< empty: all that are there
};
struct CompleteNodesCommand {};

using AnyCommand = std::variant<NeighborsCommand, PathCommand, PathPolicyCommand, SessionsCommand, PingCommand,
                                TraceCommand, ConnectCommand, PortsCommand, StatsCommand, SecretsCommand, RotateCommand,
                                OpenSshCommand, SshConfigCommand, CompleteNodesCommand>;

struct Invocation {
    GlobalOptions global;
    AnyCommand command;
};

} // namespace fb::cli
