// SPDX-License-Identifier: Apache-2.0
#include "core/cli/OpenSsh.h"

#include <algorithm>

namespace fb::cli {

namespace {

using Tool = OpenSshCommand::Tool;

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '/' || c == ':' || c == ',' || c == '+' || c == '@';
}

std::string shellQuoted(std::string_view word)
{
    if (!word.empty() && std::ranges::all_of(word, isPlain))
        return std::string(word);
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + '\'';
}

/// ssh_config(5): values are expanded for %-tokens.
std::string withoutTokens(std::string_view text)
{
    std::string escaped;
    for (const char c : text)
        escaped += c == '%' ? std::string("%%") : std::string(1, c);
    return escaped;
}

std::string proxyCommand(const SshRoute& route)
{
    Words words{route.program};
    if (route.handover == ConnectCommand::Handover::PassDescriptor) {
        words.insert(words.end(), {"--socket", route.global.socket, "connect", "--fdpass"});
    } else {
        for (const auto& interface : route.global.interfaces)
            words.insert(words.end(), {"--interface", interface});
        words.insert(words.end(), {"--socket", route.global.socket, "connect"});
    }
    words.insert(words.end(), {route.node.toString(), "ssh"});
    std::string command;
    for (const auto& word : words)
        command += (command.empty() ? "" : " ") + shellQuoted(word);
    return withoutTokens(command);
}

std::string_view programOf(Tool tool)
{
    switch (tool) {
    case Tool::Ssh:
        return "ssh";
    case Tool::Scp:
        return "scp";
    case Tool::Sftp:
        return "sftp";
    }
    return {};
}

/// The options of each program that take a value: ssh(1), scp(1), sftp(1) of OpenSSH 9.
std::string_view valueOptionsOf(Tool tool)
{
    switch (tool) {
    case Tool::Ssh:
        return "BbcDEeFIiJLlmOopQRSWw";
    case Tool::Scp:
        return "cDFiJloPSX";
    case Tool::Sftp:
        return "BbcDFiJloPRSsX";
    }
    return {};
}

/// Whether the value of an option word ("-i", "-vi") is the next word.
bool takesNextWord(std::string_view option, std::string_view valueOptions)
{
    const auto found = option.find_first_of(valueOptions, 1);
    return found != std::string_view::npos && found + 1 == option.size();
}

constexpr std::size_t kIdLength = 17;

/// How long the node's name at the start of a word is, and the name itself.
struct NamePart {
    std::string name;
    std::size_t length = 0;
};

std::optional<NamePart> bracketedOrId(std::string_view word)
{
    if (word.starts_with('[')) {
        const auto end = word.find(']');
        if (end != std::string_view::npos && (end + 1 == word.size() || word[end + 1] == ':'))
            return NamePart{std::string(word.substr(1, end - 1)), end + 1};
    }
    const auto id = word.substr(0, kIdLength);
    if (id.size() == kIdLength && (word.size() == kIdLength || word[kIdLength] == ':') && romon::RomonId::parse(id))
        return NamePart{std::string(id), kIdLength};
    return std::nullopt;
}

std::size_t userLengthIn(std::string_view word)
{
    const auto at = word.substr(0, word.find_first_of(":/[")).rfind('@');
    return at == std::string_view::npos ? 0 : at + 1;
}

std::string joined(const RemoteName& remote, romon::RomonId node)
{
    std::string text = remote.user.empty() ? "" : remote.user + '@';
    text += hostNameFor(remote.node, node);
    return remote.path ? text + ':' + *remote.path : text;
}

} // namespace

std::vector<std::pair<std::string, std::string>> sshSettings(const SshRoute& route)
{
    const bool passes = route.handover == ConnectCommand::Handover::PassDescriptor;
    return {{"ProxyCommand", proxyCommand(route)},
            {"ProxyUseFdpass", passes ? "yes" : "no"},
            {"HostKeyAlias", route.node.toString()},
            {"UserKnownHostsFile", '"' + withoutTokens(route.knownHostsFile) + '"'},
            {"HashKnownHosts", "no"},
            {"CheckHostIP", "no"},
            // A shared connection is found by host name, and another host may have this name.
            {"ControlPath", "none"},
            {"CanonicalizeHostname", "no"}};
}

std::string hostNameFor(std::string_view typed, romon::RomonId node)
{
    const auto isHostCharacter = [](char c) {
        return isPlain(c) && std::string_view("/:,+@").find(c) == std::string_view::npos;
    };
    if (!typed.empty() && typed.front() != '-' && typed.front() != '.' && std::ranges::all_of(typed, isHostCharacter) &&
        !romon::RomonId::parse(typed))
        return std::string(typed);
    std::string name = node.toString();
    std::ranges::replace(name, ':', '-');
    return name;
}

OpenSshWords splitWords(Tool tool, std::span<const std::string> arguments)
{
    OpenSshWords split;
    const auto extras = std::ranges::find(arguments, "--");
    if (extras != arguments.end())
        split.extras.assign(extras + 1, arguments.end());
    for (auto at = arguments.begin(); at != extras; ++at) {
        // ssh reads what follows the destination itself; scp and sftp take options anywhere before the first file.
        const bool isOption = split.words.empty() && at->size() > 1 && at->front() == '-';
        if (!isOption) {
            split.words.push_back(*at);
            continue;
        }
        split.options.push_back(*at);
        if (takesNextWord(*at, valueOptionsOf(tool)) && at + 1 != extras)
            split.options.push_back(*++at);
    }
    return split;
}

std::optional<RemoteName> remoteFileIn(std::string_view word)
{
    const auto userLength = userLengthIn(word);
    const std::string user(word.substr(0, userLength == 0 ? 0 : userLength - 1));
    const auto rest = word.substr(userLength);
    if (const auto named = bracketedOrId(rest)) {
        if (named->length == rest.size())
            return std::nullopt;
        return RemoteName{user, named->name, std::string(rest.substr(named->length + 1))};
    }
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos || colon == 0 || rest.find('/') < colon)
        return std::nullopt;
    return RemoteName{user, std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1))};
}

RemoteName destinationIn(std::string_view word)
{
    if (auto remote = remoteFileIn(word))
        return *remote;
    const auto at = word.rfind('@');
    const std::string user(at == std::string_view::npos ? std::string_view() : word.substr(0, at));
    const auto rest = word.substr(at == std::string_view::npos ? 0 : at + 1);
    const auto named = bracketedOrId(rest);
    return {user, named ? named->name : std::string(rest), std::nullopt};
}

Result<std::string, Error> nodeNamedIn(Tool tool, const OpenSshWords& words)
{
    std::vector<std::string> nodes;
    if (tool == Tool::Scp) {
        for (const auto& word : words.words) {
            if (const auto remote = remoteFileIn(word))
                nodes.push_back(remote->node);
        }
    } else if (!words.words.empty()) {
        nodes.push_back(destinationIn(words.words.front()).node);
    }
    if (nodes.empty() || nodes.front().empty())
        return failure(Error{ErrorCode::InvalidArgument, std::string(programOf(tool)) + " needs a node"});
    if (std::ranges::count(nodes, nodes.front()) != std::ssize(nodes))
        return failure(Error{ErrorCode::InvalidArgument, "scp between two nodes; copy to this computer first"});
    return nodes.front();
}

Words openSshCommandLine(Tool tool, const OpenSshWords& words, const SshRoute& route)
{
    Words line{std::string(programOf(tool))};
    for (const auto& [name, value] : sshSettings(route))
        line.insert(line.end(), {"-o", name + '=' + value});
    line.insert(line.end(), words.options.begin(), words.options.end());
    line.insert(line.end(), words.extras.begin(), words.extras.end());
    const bool asks = route.newHostKey == SshRoute::NewHostKey::Ask;
    line.insert(line.end(), {"-o", std::string("StrictHostKeyChecking=") + (asks ? "ask" : "accept-new")});
    for (auto word = words.words.begin(); word != words.words.end(); ++word) {
        const auto file = tool == Tool::Scp ? remoteFileIn(*word) : std::nullopt;
        if (file)
            line.push_back(joined(*file, route.node));
        else if (tool != Tool::Scp && word == words.words.begin())
            line.push_back(joined(destinationIn(*word), route.node));
        else
            line.push_back(*word);
    }
    return line;
}

std::string sshConfigBlock(std::string_view name, const SshRoute& route)
{
    std::string block = "Host " + hostNameFor(name, route.node) + '\n';
    for (const auto& [setting, value] : sshSettings(route))
        block += "    " + setting + ' ' + value + '\n';
    return block;
}

} // namespace fb::cli
