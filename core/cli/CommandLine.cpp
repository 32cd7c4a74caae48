// SPDX-License-Identifier: Apache-2.0
#include "core/cli/CommandLine.h"

#include "core/cli/SecretsOptions.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace fb::cli {

namespace {

/// The values that CLI11 fills in; doubles are seconds.
struct Parsed {
    GlobalOptions global;
    bool json = false;
    std::optional<double> timeout;
    NeighborsCommand neighbors;
    bool watch = false;
    std::optional<double> wait;
    PathCommand path;
    PathPolicyCommand policy;
    bool strict = false;
    PingCommand ping;
    double interval = 1;
    TraceCommand trace;
    ConnectCommand connect;
    std::string service;
    bool passDescriptor = false;
    SshConfigCommand sshConfig;
    bool allCounters = false;
    bool prometheus = false;
    SecretsOptions secrets;
};

Duration fromSeconds(double seconds)
{
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

void addExample(CLI::App* command, const std::string& example)
{
    command->footer(
        "Example:\n  " + example +
        "\n\nfootbridgectl --help has --socket, --interface, --json and --timeout, which every command takes.\n");
}

/// A usage line for the commands whose words are OpenSSH's: CLI11 does not know them.
class ToolFormatter final : public CLI::Formatter {
public:
    explicit ToolFormatter(std::string words) : m_words(std::move(words)) {}
    [[nodiscard]] std::string make_usage(const CLI::App*, std::string name) const override
    {
        return "Usage: " + name + ' ' + m_words + '\n';
    }

private:
    std::string m_words;
};

struct ToolText {
    std::string name;
    std::string description;
    std::string words;
    std::string example;
};

void addTool(CLI::App& app, const ToolText& text)
{
    auto* tool = app.add_subcommand(text.name, text.description);
    tool->formatter(std::make_shared<ToolFormatter>(text.words));
    addExample(tool, text.example);
    tool->footer("OPTIONS are those of " + text.name +
                 "(1); they stand before the node or after --.\n"
                 "Options of footbridgectl stand before the word " +
                 text.name + ".\n\n" + tool->get_footer());
}

void addNodeOption(CLI::App* command, std::string& node)
{
    command->add_option("node", node, "RoMON id, identity, or an unambiguous beginning of either")->required();
}

const CLI::Validator& serviceName()
{
    static const CLI::Validator validator(
        [](std::string& text) {
            if (text == "ssh" || text == "winbox")
                return std::string();
            return CLI::Range(1, 16383)(text); // the ports above are those that connects come from
        },
        "ssh|winbox|PORT", "service");
    return validator;
}

void addGlobalOptions(CLI::App& app, Parsed& into)
{
    app.add_option("--socket", into.global.socket, "Control socket of the agent")
        ->envname("FOOTBRIDGE_SOCKET")
        ->capture_default_str();
    app.add_option("--interface", into.global.interfaces,
                   "Where no agent runs: be a node on this interface for as long as the command takes (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--json", into.json, "Print JSON; docs/footbridgectl.md has the schema");
    app.add_option("--timeout", into.timeout, "Seconds to wait for a node or for an echo")
        ->check(CLI::Range(0.001, 60.0));
    app.set_version_flag("--version", std::string("footbridgectl ") + FB_VERSION);
}

/// `path NODE` asks, `path pin|avoid|clear|show` decides: a node of such a name is asked for by its id.
void addPolicyCommands(CLI::App& path, Parsed& into)
{
    const auto addSession = [&into](CLI::App* command) {
        command->add_option("--session", into.policy.session,
                            "For this session alone; footbridgectl sessions has the number");
    };
    auto* pin = path.add_subcommand("pin", "Sessions to a node use this path; another one only when it fails");
    addNodeOption(pin, into.policy.node);
    pin->add_option("--number", into.policy.number, "Which of the ways that footbridgectl path lists; 1: the best")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    pin->add_flag("--strict", into.strict, "Never another one: a session waits until it is back");
    addSession(pin);
    addExample(pin, "footbridgectl path pin barn --number 2");

    auto* avoid = path.add_subcommand("avoid", "Sessions keep away from nodes and links");
    avoid->add_option("node", into.policy.node, "Only for sessions to this node; none: for all");
    avoid->add_option("--avoid-node", into.policy.avoidNodes, "A node (repeatable)")->allow_extra_args(false);
    avoid->add_option("--avoid-link", into.policy.avoidLinks, "A link, NODE:LINK-ID (repeatable)")
        ->allow_extra_args(false);
    addSession(avoid);
    addExample(avoid, "footbridgectl path avoid barn --avoid-node ridge --avoid-link mill:3");

    auto* clear = path.add_subcommand("clear", "Sessions find their way themselves again");
    clear->add_option("node", into.policy.node, "What was said for sessions to this node; none: for all");
    addSession(clear);
    addExample(clear, "footbridgectl path clear barn");

    auto* show = path.add_subcommand("show", "List what was pinned and what is to be avoided");
    addExample(show, "footbridgectl path show");
}

void addListCommands(CLI::App& app, Parsed& into)
{
    auto* neighbors = app.add_subcommand("neighbors", "List the nodes of the overlay");
    auto* watch = neighbors->add_flag("--watch", into.watch, "Keep the list on the screen until interrupted");
    neighbors->add_option("--wait", into.wait, "Collect for so many seconds instead of until the list has settled")
        ->check(CLI::Range(0.0, 3600.0))
        ->excludes(watch);
    addExample(neighbors, "footbridgectl neighbors --watch");

    auto* path = app.add_subcommand("path", "Show the best way to a node, hop by hop, and the other ways");
    path->add_option("node", into.path.node, "RoMON id, identity, or an unambiguous beginning of either");
    path->require_subcommand(0, 1);
    path->add_option("--count", into.path.count, "How many ways to show")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    path->add_option("--avoid-node", into.path.avoidNodes, "Leave out the ways through this node (repeatable)")
        ->allow_extra_args(false);
    path->add_option("--avoid-link", into.path.avoidLinks,
                     "Leave out the ways over this link, NODE:LINK-ID (repeatable)")
        ->allow_extra_args(false);
    addExample(path, "footbridgectl path barn --avoid-node ridge");
    addPolicyCommands(*path, into);

    auto* sessions = app.add_subcommand("sessions", "List the open streams: path, round trip, loss");
    addExample(sessions, "footbridgectl sessions");

    auto* ports = app.add_subcommand("ports", "List the interfaces and what they carried");
    addExample(ports, "footbridgectl ports");

    auto* stats = app.add_subcommand("stats", "Show what the agent counts, and how full its tables are");
    stats->add_flag("--all", into.allCounters, "Counters that are zero as well");
    stats->add_flag("--prometheus", into.prometheus,
                    "Text exposition format 0.0.4, for node_exporter's textfile folder");
    addExample(stats, "footbridgectl stats --prometheus > /var/lib/prometheus/node-exporter/footbridge.prom");
}

void addEchoCommands(CLI::App& app, Parsed& into)
{
    auto* ping = app.add_subcommand("ping", "Send echoes to a node; exit code 1 if none is answered");
    addNodeOption(ping, into.ping.node);
    ping->add_option("--count,-c", into.ping.count, "How many; 0: until interrupted")->capture_default_str();
    ping->add_option("--interval,-i", into.interval, "Seconds between them")
        ->check(CLI::Range(0.01, 60.0))
        ->capture_default_str();
    ping->add_option("--size,-s", into.ping.sizeBytes, "Payload bytes")
        ->check(CLI::Range(8, 65535))
        ->capture_default_str();
    addExample(ping, "footbridgectl ping barn --count 10 --interval 0.2");

    auto* trace = app.add_subcommand("trace", "Ping every node on the way to a node");
    addNodeOption(trace, into.trace.node);
    trace->add_option("--count,-c", into.trace.count, "Echoes to each")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    addExample(trace, "footbridgectl trace barn");
}

void addSessionCommands(CLI::App& app, Parsed& into)
{
    addTool(app, {"ssh", "Log in with OpenSSH", "[OPTIONS] [USER@]NODE [COMMAND...] [-- OPTIONS]",
                  "footbridgectl ssh admin@barn uptime -- -i ~/.ssh/lab"});
    addTool(app, {"scp", "Copy files with OpenSSH", "[OPTIONS] SOURCE... TARGET [-- OPTIONS]",
                  "footbridgectl scp config.rsc admin@barn:/tmp/\n"
                  "  footbridgectl scp -r 'admin@[48:a9:8a:01:02:03]:logs' ."});
    addTool(app, {"sftp", "Browse files with OpenSSH", "[OPTIONS] [USER@]NODE[:PATH] [-- OPTIONS]",
                  "footbridgectl sftp admin@barn"});

    auto* config = app.add_subcommand("ssh-config", "Print Host blocks for ssh_config, for ssh, rsync, Ansible");
    config->add_option("node", into.sshConfig.nodes, "Nodes; none: all");
    addExample(config, "footbridgectl ssh-config barn >> ~/.ssh/config");

    auto* connect = app.add_subcommand("connect", "Join standard input and output to a service of a node");
    addNodeOption(connect, into.connect.node);
    connect->add_option("service", into.service, "ssh, winbox or a data port")->required()->check(serviceName());
    connect->add_flag("--fdpass", into.passDescriptor, "Pass the socket over standard output and leave (OpenSSH)");
    addExample(connect, "ssh -o ProxyCommand='footbridgectl connect barn ssh' -o HostKeyAlias=barn admin@barn");
}

std::uint16_t servicePort(const std::string& service)
{
    if (service == "ssh")
        return 3;
    if (service == "winbox")
        return 4;
    return static_cast<std::uint16_t>(std::stoul(service));
}

std::optional<PathPolicyCommand> policyFrom(const Parsed& parsed, std::string_view name)
{
    using Action = PathPolicyCommand::Action;
    constexpr std::array<std::pair<std::string_view, Action>, 4> kActions{
        {{"pin", Action::Pin}, {"avoid", Action::Avoid}, {"clear", Action::Clear}, {"show", Action::Show}}};
    const auto found = std::ranges::find(kActions, name, &std::pair<std::string_view, Action>::first);
    if (found == kActions.end())
        return std::nullopt;
    auto command = parsed.policy;
    command.action = found->second;
    command.strict = parsed.strict ? PathPolicyCommand::Strict::Yes : PathPolicyCommand::Strict::No;
    return command;
}

AnyCommand commandFrom(const Parsed& parsed, std::string_view name)
{
    if (name == "neighbors") {
        auto command = parsed.neighbors;
        command.mode = parsed.watch ? NeighborsCommand::Mode::Watch : NeighborsCommand::Mode::Once;
        if (parsed.wait)
            command.wait = fromSeconds(*parsed.wait);
        return command;
    }
    if (name == "path")
        return parsed.path;
    if (name == "sessions")
        return SessionsCommand{};
    if (name == "ping") {
        auto command = parsed.ping;
        command.interval = fromSeconds(parsed.interval);
        return command;
    }
    if (name == "trace")
        return parsed.trace;
    if (name == "connect") {
        auto command = parsed.connect;
        command.service = servicePort(parsed.service);
        if (parsed.passDescriptor)
            command.handover = ConnectCommand::Handover::PassDescriptor;
        return command;
    }
    if (name == "ssh-config")
        return parsed.sshConfig;
    if (name == "stats") {
        using Form = StatsCommand::Form;
        using Zeros = StatsCommand::Zeros;
        return StatsCommand{parsed.prometheus ? Form::Prometheus : Form::Text,
                            parsed.allCounters ? Zeros::Show : Zeros::Hide};
    }
    if (name == "secrets")
        return parsed.secrets.command();
    if (name == "complete-nodes")
        return CompleteNodesCommand{};
    return PortsCommand{};
}

std::optional<OpenSshCommand::Tool> toolNamed(std::string_view word)
{
    if (word == "ssh")
        return OpenSshCommand::Tool::Ssh;
    if (word == "scp")
        return OpenSshCommand::Tool::Scp;
    if (word == "sftp")
        return OpenSshCommand::Tool::Sftp;
    return std::nullopt;
}

/// The first word that is neither a global option nor the value of one.
std::size_t commandPosition(std::span<const std::string> arguments)
{
    constexpr std::array<std::string_view, 3> kWithValue{"--socket", "--interface", "--timeout"};
    std::size_t at = 0;
    while (at < arguments.size() && arguments[at].starts_with('-'))
        at += std::ranges::find(kWithValue, arguments[at]) != kWithValue.end() ? 2U : 1U;
    return std::min(at, arguments.size());
}

bool asksForHelp(std::span<const std::string> arguments)
{
    return !arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h");
}

std::string firstLineOf(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

} // namespace

std::variant<Invocation, Notice> parseCommandLine(std::span<const std::string> arguments)
{
    Parsed parsed;
    CLI::App app("Reaches devices over RoMON, MikroTik's layer 2 overlay.", "footbridgectl");
    app.require_subcommand(1);
    app.fallthrough();
    addGlobalOptions(app, parsed);
    addListCommands(app, parsed);
    addEchoCommands(app, parsed);
    addSessionCommands(app, parsed);
    parsed.secrets.addTo(app);
    app.add_subcommand("complete-nodes", "")->group("");
    app.footer("Example:\n  footbridgectl neighbors\n  footbridgectl ssh admin@barn\n\n"
               "footbridgectl COMMAND --help shows the options of a command and an example.\n"
               "Exit codes: 0 ok, 1 the answer is no, 2 usage, 3 no agent, 4 no such node, 5 unreachable, 6 failed,\n"
               "130 interrupted; ssh, scp and sftp return OpenSSH's own.\n");

    const auto position = commandPosition(arguments);
    const auto tool = position < arguments.size() ? toolNamed(arguments[position]) : std::nullopt;
    const auto toolArguments = tool ? arguments.subspan(position + 1) : std::span<const std::string>();
    const bool isForTool = tool && !asksForHelp(toolArguments);
    const auto ours = isForTool ? arguments.first(position + 1) : arguments;

    const auto isNamed = [&](const CLI::App* command) { return command->get_name() == arguments[position]; };
    if (position < arguments.size() && app.get_subcommands(isNamed).empty()) {
        return Notice{ExitCode::Usage, "footbridgectl: there is no command '" + arguments[position] +
                                           "'; footbridgectl --help lists them\n"};
    }
    std::vector<std::string> reversed(ours.rbegin(), ours.rend());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::CallForVersion& version) {
        return Notice{ExitCode::Ok, std::string(version.what()) + '\n'};
    } catch (const CLI::Success&) {
        const auto chosen = app.get_subcommands();
        if (chosen.empty())
            return Notice{ExitCode::Ok, app.help()};
        const auto inner = chosen.front()->get_subcommands();
        const auto prefix = app.get_name() + (inner.empty() ? "" : ' ' + chosen.front()->get_name());
        return Notice{ExitCode::Ok, (inner.empty() ? chosen.front() : inner.front())->help(prefix)};
    } catch (const CLI::Error& problem) {
        return Notice{ExitCode::Usage, "footbridgectl: " + firstLineOf(problem.what()) +
                                           "; footbridgectl --help lists commands and options\n"};
    }
    parsed.global.format = parsed.json ? Format::Json : Format::Text;
    if (parsed.timeout)
        parsed.global.timeout = fromSeconds(*parsed.timeout);
    if (isForTool)
        return Invocation{parsed.global, OpenSshCommand{*tool, {toolArguments.begin(), toolArguments.end()}}};
    const auto* chosen = app.get_subcommands().front();
    const auto inner = chosen->get_subcommands();
    if (!inner.empty()) {
        if (auto policy = policyFrom(parsed, inner.front()->get_name()))
            return Invocation{parsed.global, std::move(*policy)};
    }
    if (chosen->get_name() == "path" && parsed.path.node.empty())
        return Notice{ExitCode::Usage, "footbridgectl: path: which node? footbridgectl path --help shows an example\n"};
    return Invocation{parsed.global, commandFrom(parsed, chosen->get_name())};
}

} // namespace fb::cli
