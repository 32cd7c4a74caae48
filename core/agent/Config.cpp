// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Config.h"

#include "core/agent/ConfigReader.h"
#include "core/agent/SecretLists.h"

#include <cerrno>
#include <filesystem>
#include <fstream>

namespace fb::agent {

namespace {

constexpr std::size_t kFileBytesMax = 1U << 20U;
constexpr std::size_t kPathBytesMax = 4095;

std::string absolutePath(ConfigReader& reader, std::string_view key, std::string otherwise)
{
    auto path = reader.text(key, {1, kPathBytesMax});
    if (path && path->front() != '/') {
        reader.complain(key, "must be an absolute path");
        path.reset();
    }
    return path.value_or(std::move(otherwise));
}

void readNode(ConfigReader& top, Config& config)
{
    if (const auto id = top.text("id", {})) {
        config.id = romon::RomonId::parse(*id);
        if (!config.id || !config.id->isUsable())
            top.complain("id", "must be six bytes such as 02:00:00:00:00:01, not zero and no group address");
    }
    config.identity = top.text("identity", {1, 64}).value_or("");
    if (const auto role = top.text("role", {})) {
        if (*role != "leaf" && *role != "transit")
            top.complain("role", "must be \"leaf\" or \"transit\"");
        config.role = *role == "leaf" ? overlay::Role::Leaf : overlay::Role::Transit;
    }
}

void readPort(ConfigReader& reader, Config& config)
{
    PortRule rule;
    const auto interface = reader.text("interface", {1, kInterfaceBytesMax});
    if (interface)
        rule.interface = *interface;
    else
        reader.complain("interface", "must name an interface, or a pattern such as \"eth*\"");
    rule.cost = static_cast<std::uint16_t>(reader.integer("cost", {1, 65535}).value_or(rule.cost));
    rule.use = reader.flag("forbid").value_or(false) ? PortRule::Use::Forbid : PortRule::Use::Yes;
    reader.refuseOthers();
    for (const auto& other : config.ports) {
        if (interface && other.interface == *interface)
            reader.complain("interface", "\"" + *interface + "\" has an entry already");
    }
    config.ports.push_back(std::move(rule));
}

void readSsh(ConfigReader& reader, SshConfig& ssh)
{
    ssh.use = reader.flag("enabled").value_or(true) ? SshConfig::Use::Yes : SshConfig::Use::No;
    ssh.command = absolutePath(reader, "command", ssh.command);
    ssh.configFile = absolutePath(reader, "config", "");
    ssh.hostKeys = reader.texts("host-keys");
    for (const auto& key : ssh.hostKeys) {
        if (key.empty() || key.front() != '/')
            reader.complain("host-keys", "must be absolute paths");
    }
    ssh.options = reader.texts("options");
    ssh.sessionsMax = static_cast<std::uint32_t>(reader.integer("sessions-max", {1, 512}).value_or(ssh.sessionsMax));
    reader.refuseOthers();
}

void readControl(ConfigReader& reader, ControlConfig& control)
{
    control.socket = absolutePath(reader, "socket", control.socket);
    // The kernel's limit for the address of a Unix socket.
    if (control.socket.size() > 107)
        reader.complain("socket", "must have at most 107 bytes");
    if (const auto mode = reader.text("mode", {})) {
        const bool isOctal = mode->size() <= 4 && mode->find_first_not_of("01234567") == std::string::npos;
        if (isOctal && std::stoul(*mode, nullptr, 8) <= 0777)
            control.mode = static_cast<unsigned>(std::stoul(*mode, nullptr, 8));
        else
            reader.complain("mode", "must be an octal number in quotes, such as \"0660\"");
    }
    control.users = reader.texts("users");
    control.groups = reader.texts("groups");
    reader.refuseOthers();
}

void readLimits(ConfigReader& reader, Config& config)
{
    if (const auto seconds = reader.integer("silence-limit", {5, 86400}))
        config.silenceLimit = std::chrono::seconds(*seconds);
    reader.refuseOthers();
}

Config readAll(const toml::table& table, ConfigErrors& errors)
{
    Config config;
    ConfigReader top(table, "", errors);
    readNode(top, config);
    for (const auto* port : top.tables("port")) {
        ConfigReader reader(*port, "[[port]]", errors);
        readPort(reader, config);
    }
    if (const auto* ssh = top.table("ssh")) {
        ConfigReader reader(*ssh, "[ssh]", errors);
        readSsh(reader, config.ssh);
    }
    if (const auto* control = top.table("control")) {
        ConfigReader reader(*control, "[control]", errors);
        readControl(reader, config.control);
    }
    if (const auto* limits = top.table("limits")) {
        ConfigReader reader(*limits, "[limits]", errors);
        readLimits(reader, config);
    }
    config.secretsFile = absolutePath(top, "secrets-file", "");
    top.refuseOthers();
    return config;
}

} // namespace

Result<Config, std::vector<Error>> parseConfig(std::string_view text, const std::string& file)
{
    ConfigErrors errors(file);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        errors.add(parsed.error().source().begin.line, std::string(parsed.error().description()));
        return failure(errors.take());
    }
    Config config = readAll(parsed.table(), errors);
    if (!errors.empty())
        return failure(errors.take());
    return config;
}

std::string secretsFileOf(const Config& config, const std::string& file)
{
    if (!config.secretsFile.empty())
        return config.secretsFile;
    return std::filesystem::absolute(file).replace_filename("secrets.toml").string();
}

Result<Config, std::vector<Error>> readConfig(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    const int problem = errno;
    if (!stream)
        return failure(std::vector{Error{ErrorCode::SystemError, file, problem}});
    std::string text(kFileBytesMax + 1, '\0');
    errno = 0;
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad())
        return failure(std::vector{Error{ErrorCode::SystemError, file, errno}});
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kFileBytesMax)
        return failure(std::vector{Error{ErrorCode::InvalidArgument, file + ": is larger than 1 MB"}});
    return parseConfig(text, file);
}

} // namespace fb::agent
