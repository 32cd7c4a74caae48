// SPDX-License-Identifier: Apache-2.0
#include "core/agent/SecretFile.h"

#include "core/agent/ConfigReader.h"
#include "core/base/FileDescriptor.h"
#include "core/runtime/PrivateFile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace fb::agent {

namespace {

constexpr std::size_t kFileBytesMax = 1U << 20U;

SecretList readList(ConfigReader& reader)
{
    SecretList list;
    for (auto& text : reader.texts("secrets")) {
        Secret secret(std::move(text));
        if (const auto checked = checkSecret(secret); !checked)
            reader.complain("secrets", "are not as they must be: " + checked.error().context);
        list.push_back(std::move(secret));
    }
    if (list.size() > kSecretsMax)
        reader.complain("secrets", "must be at most " + std::to_string(kSecretsMax));
    return list;
}

SecretLists readLists(const toml::table& table, ConfigErrors& errors)
{
    SecretLists lists;
    ConfigReader top(table, "", errors);
    lists.all = readList(top);
    for (const auto* port : top.tables("port")) {
        ConfigReader reader(*port, "[[port]]", errors);
        const auto interface = reader.text("interface", {});
        if (!interface)
            reader.complain("interface", "must name an interface");
        else if (const auto checked = checkPortName(*interface); !checked)
            reader.complain("interface", "is not as it must be: " + checked.error().context);
        auto list = readList(reader);
        if (list.empty())
            reader.complain("secrets", "must hold one, \"\" for none; without an entry those for all ports hold");
        if (interface && !lists.ports.emplace(*interface, std::move(list)).second)
            reader.complain("interface", "\"" + *interface + "\" has an entry already");
        reader.refuseOthers();
    }
    top.refuseOthers();
    return lists;
}

/// TOML's basic string. Neither a secret nor the name of a port holds control characters, so only these two need an
/// escape.
void append(std::string& text, std::string_view value)
{
    text += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    text += '"';
}

void appendList(std::string& text, const SecretList& list)
{
    text += "secrets = [";
    for (std::size_t at = 0; at < list.size(); ++at) {
        text += at == 0 ? "" : ", ";
        append(text, list[at].reveal());
    }
    text += "]\n";
}

Error systemError(const std::string& what)
{
    return {ErrorCode::SystemError, what, errno};
}

Result<void, Error> checkOwner(int descriptor, const std::string& file)
{
    struct stat facts {};
    if (::fstat(descriptor, &facts) != 0)
        return failure(systemError(file));
    if (!S_ISREG(facts.st_mode))
        return failure(Error{ErrorCode::InvalidArgument, file + ": is not a file"});
    if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
        return failure(Error{ErrorCode::NotPermitted, file + ": belongs to another user; it must be root's"});
    if ((facts.st_mode & 077U) != 0)
        return failure(Error{ErrorCode::NotPermitted, file + ": others may use it; chmod 0600 it"});
    return {};
}

Result<Secret, Error> contentOf(const std::string& file)
{
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!opened.isOpen() && errno == ENOENT)
        return Secret();
    if (!opened.isOpen())
        return failure(systemError(file));
    if (auto checked = checkOwner(opened.get(), file); !checked)
        return failure(checked.error());
    std::string text(kFileBytesMax + 1, '\0');
    std::size_t used = 0;
    while (used < text.size()) {
        const auto got = ::read(opened.get(), &text[used], text.size() - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(systemError(file));
        if (got == 0)
            break;
        used += static_cast<std::size_t>(got);
    }
    text.resize(used);
    if (used > kFileBytesMax)
        return failure(Error{ErrorCode::InvalidArgument, file + ": is larger than 1 MB"});
    return Secret(std::move(text));
}

} // namespace

Result<SecretLists, std::vector<Error>> parseSecrets(std::string_view text, const std::string& file)
{
    ConfigErrors errors(file);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        // Without the library's words: they may quote the line, and the line may be a secret.
        errors.add(parsed.error().source().begin.line, "is not TOML");
        return failure(errors.take());
    }
    SecretLists lists = readLists(parsed.table(), errors);
    if (!errors.empty())
        return failure(errors.take());
    return lists;
}

Secret formatSecrets(const SecretLists& lists)
{
    // Grown once: a text that moves leaves secrets behind.
    std::string text;
    text.reserve((lists.ports.size() + 1) * (kSecretsMax * 2 * (kSecretBytesMax + 4) + 128) + 512);
    text += "# The RoMON secrets of this node; footbridgectl secrets writes this file. Nobody but root may read it.\n"
            "# The first of a list is sent with, any of it is accepted, \"\" stands for none.\n";
    appendList(text, lists.all);
    for (const auto& [interface, list] : lists.ports) {
        text += "\n[[port]]\ninterface = ";
        append(text, interface);
        text += '\n';
        appendList(text, list);
    }
    return Secret(std::move(text));
}

Result<SecretLists, std::vector<Error>> readSecrets(const std::string& file)
{
    const auto text = contentOf(file);
    if (!text)
        return failure(std::vector{text.error()});
    return parseSecrets(text->reveal(), file);
}

Result<void, Error> writeSecrets(const std::string& file, const SecretLists& lists)
{
    const auto text = formatSecrets(lists);
    return runtime::writePrivateFile(file, text.reveal());
}

} // namespace fb::agent
