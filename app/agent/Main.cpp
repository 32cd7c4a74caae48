// SPDX-License-Identifier: Apache-2.0
// footbridged: makes a Linux router or server a node of the overlay. Only options and wiring are here.
#include "app/agent/Notify.h"
#include "app/agent/Privileges.h"
#include "app/agent/Signals.h"
#include "core/agent/NodeDefaults.h"
#include "core/agent/SecretFile.h"
#include "core/agent/Setup.h"
#include "core/link/NetlinkMonitor.h"
#include "core/link/PcapLink.h"
#include "core/runtime/SystemClock.h"
#include "core/runtime/SystemRandom.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace {

using namespace fb;

constexpr const char* kDefaultConfig = "/etc/footbridge/footbridged.toml";

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2, kBadConfig = 78 }; // the last is sysexits.h's EX_CONFIG

/// One line on standard error; under systemd with the level that journald understands.
agent::LogSink logTo(std::FILE* file, agent::LogLevel most)
{
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return [file, most, journal](agent::LogLevel level, const std::string& line) {
        if (level > most)
            return;
        const auto start = journal ? "<" + std::to_string(static_cast<int>(level)) + ">" : "footbridged: ";
        std::fputs((start + line + '\n').c_str(), file);
        std::fflush(file);
    };
}

std::optional<agent::Config> loadConfig(const std::string& file, const agent::LogSink& log)
{
    auto config = agent::readConfig(file);
    if (config)
        return std::move(config).value();
    for (const auto& error : config.error())
        log(agent::LogLevel::Error, error.systemErrno ? describe(error) : error.context);
    return std::nullopt;
}

std::optional<agent::SecretLists> loadSecrets(const agent::Config& config, const std::string& file,
                                              const agent::LogSink& log)
{
    auto secrets = agent::readSecrets(agent::secretsFileOf(config, file));
    if (secrets)
        return std::move(secrets).value();
    for (const auto& error : secrets.error())
        log(agent::LogLevel::Error, error.systemErrno ? describe(error) : error.context);
    return std::nullopt;
}

/// Runs until a signal says stop.
void serve(agent::Agent& node, agent::ControlServer& server, Signals& signals, const std::string& file)
{
    const agent::Loop::Watch watch(node.loop(), signals.pollDescriptor(), runtime::Interest::Read, signals);
    notifyServiceManager("READY=1");
    while (!signals.stopAsked()) {
        node.turn(server.nextDeadline());
        server.advance(runtime::now());
        if (!signals.takeReload())
            continue;
        if (auto config = loadConfig(file, node.log())) {
            if (auto secrets = loadSecrets(*config, file, node.log()))
                node.replaceSecrets(std::move(*secrets));
            node.replacePortRules(std::move(config->ports));
            node.log()(agent::LogLevel::Notice, "ports and secrets read anew; everything else needs a restart");
        }
    }
    notifyServiceManager("STOPPING=1");
    node.shutDown();
}

int run(const agent::Config& config, agent::SecretLists secrets, const std::string& file, const agent::LogSink& log)
{
    Signals signals;
    if (!dropPrivileges())
        log(agent::LogLevel::Warning, "privileges could not be dropped");
    auto monitor = link::NetlinkMonitor::create();
    auto serverConfig = agent::controlServerConfig(config.control);
    if (!monitor || !serverConfig) {
        log(agent::LogLevel::Error, describe(monitor ? serverConfig.error() : monitor.error()));
        return monitor ? kBadConfig : kFailed;
    }
    link::PcapLinkFactory links;
    runtime::SystemRandom random;
    auto nodeConfig = agent::agentConfig(config, agent::nodeId((*monitor)->refresh(), random));
    nodeConfig.secrets = std::move(secrets);
    nodeConfig.secretsFile = agent::secretsFileOf(config, file);
    log(agent::LogLevel::Notice, "node " + nodeConfig.id.toString() + " \"" + nodeConfig.identity + "\", " +
                                     (nodeConfig.role == overlay::Role::Transit ? "forwards for others" : "is a leaf"));
    agent::Agent node(nodeConfig, {links, **monitor, random, log});
    agent::ControlServer server(node, std::move(serverConfig).value());
    if (const auto listening = server.listen(); !listening) {
        log(agent::LogLevel::Error, describe(listening.error()));
        return kFailed;
    }
    node.addCounters([&server] { return server.counters(); });
    node.addTable([&server] { return server.table(); });
    serve(node, server, signals, file);
    return kDone;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("Footbridge agent: makes this machine a node of the RoMON overlay.", "footbridged");
    app.set_version_flag("--version", "footbridged " FB_VERSION);
    std::string file = kDefaultConfig;
    app.add_option("--config", file, "Configuration file")->capture_default_str();
    bool check = false;
    app.add_flag("--check", check, "Read the configuration, say what is wrong with it, and leave");
    bool verbose = false;
    app.add_flag("--verbose", verbose, "Log more");
    app.footer(
        "Example:\n  footbridged --config ./footbridged.toml --check\n\n"
        "Exit codes: 0 ended by a signal, or the file is good, 1 failed to start, 2 usage, 78 the file is wrong");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) { // a question for help or version is one, too
        return app.exit(problem) == 0 ? kDone : kUsage;
    }

    const auto log = logTo(stderr, verbose ? agent::LogLevel::Debug : agent::LogLevel::Info);
    const auto config = loadConfig(file, log);
    if (!config)
        return kBadConfig;
    auto secrets = loadSecrets(*config, file, log);
    if (!secrets)
        return kBadConfig;
    if (check) {
        std::puts((file + ": good").c_str());
        return kDone;
    }
    return run(*config, std::move(*secrets), file, log);
}
