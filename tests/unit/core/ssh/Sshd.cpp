// SPDX-License-Identifier: Apache-2.0
#include "Sshd.h"

#include <QFile>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace fb::test {
namespace {

constexpr const char* kSshd = "/usr/sbin/sshd";
constexpr int kPatienceMs = 20000;

} // namespace

pid_t spawn(std::vector<std::string> arguments, int input, int output, int errorOutput)
{
    std::vector<char*> pointers;
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    int number = 0;
    for (const int descriptor : {input, output, errorOutput}) {
        if (descriptor >= 0)
            ::posix_spawn_file_actions_adddup2(&actions, descriptor, number);
        ++number;
    }
    pid_t child = -1;
    if (::posix_spawnp(&child, pointers.front(), &actions, nullptr, pointers.data(), environ) != 0)
        child = -1;
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
}

bool succeeds(pid_t child)
{
    int status = -1;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Sshd::Sshd()
{
    if (!problem().isEmpty())
        return;
    (void)::mkdir("/run/sshd", 0755); // sshd insists on it; Debian makes it when its service starts
    m_keysMade = makeKey("ed25519", hostKey()) && makeKey("ed25519", path("user")) &&
                 QFile::copy(QString::fromStdString(path("user.pub")), QString::fromStdString(path("authorized")));
}

Sshd::~Sshd()
{
    while (!m_children.empty())
        kill();
}

QString Sshd::problem() const
{
    if (::geteuid() != 0)
        return QStringLiteral("sshd logs users in only as root");
    if (::access(kSshd, X_OK) != 0)
        return QStringLiteral("no /usr/sbin/sshd");
    return {};
}

bool Sshd::makeKey(const char* type, const std::string& file) const
{
    return succeeds(spawn({"ssh-keygen", "-q", "-t", type, "-N", "", "-f", file}));
}

FileDescriptor Sshd::start(const std::vector<std::string>& options)
{
    int ends[2] = {-1, -1};
    if (!m_keysMade || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return {};
    std::vector<std::string> arguments{kSshd, "-i", "-e", "-f", "/dev/null"};
    auto all = options;
    all.insert(all.end(), {"UsePAM=no", "StrictModes=no", "AuthorizedKeysFile=" + path("authorized"),
                           "PermitRootLogin=prohibit-password", "HostKey=" + hostKey(), "PrintMotd=no"});
    for (const auto& option : all)
        arguments.insert(arguments.end(), {"-o", option});
    const FileDescriptor log(::open(path("sshd.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const FileDescriptor theirs(ends[1]);
    const pid_t child = spawn(std::move(arguments), theirs.get(), theirs.get(), log.get());
    if (child > 0)
        m_children.push_back(child);
    return FileDescriptor(ends[0]);
}

void Sshd::kill()
{
    const pid_t child = m_children.back();
    m_children.pop_back();
    // sshd's unprivileged half holds the socket as well; both are stopped by their number alone.
    QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(child));
    if (children.open(QIODevice::ReadOnly)) {
        for (const auto& word : children.readAll().split(' ')) {
            if (const auto number = word.toInt(); number > 1)
                ::kill(number, SIGKILL);
        }
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

ssh::Login Sshd::keyLogin() const
{
    return {.user = "root",
            .password = {},
            .keys = ssh::Login::Keys::TryAgentAndFiles,
            .keyFiles = {path("user")},
            .agentSocket = {}};
}

std::optional<ssh::Event> Reader::take()
{
    if (m_hasEnded)
        return std::nullopt;
    auto event = m_session.nextEvent();
    if (!event) {
        pollfd waiting{m_session.pollDescriptor(), POLLIN, 0};
        if (::poll(&waiting, 1, kPatienceMs) != 1)
            return std::nullopt;
        event = m_session.nextEvent();
    }
    if (!event)
        return std::nullopt;
    if (const auto* data = std::get_if<ssh::ChannelData>(&*event)) {
        auto& output = data->source == ssh::ChannelData::Source::Output ? m_output : m_errorOutput;
        output[data->channel].append(reinterpret_cast<const char*>(data->bytes.data()),
                                     static_cast<qsizetype>(data->bytes.size()));
        m_session.release(data->channel, data->bytes.size());
    } else if (const auto* reached = std::get_if<ssh::StageReached>(&*event)) {
        m_stages.push_back(reached->stage);
    } else if (const auto* ended = std::get_if<ssh::Ended>(&*event)) {
        m_hasEnded = true;
        m_error = ended->error;
    }
    return event;
}

bool Reader::readUntil(ssh::ChannelId channel, const QByteArray& text)
{
    while (!m_output.value(channel).contains(text)) {
        if (!next<ssh::ChannelData>())
            return false;
    }
    return true;
}

std::optional<ErrorCode> Reader::errorAtEnd()
{
    const auto ended = next<ssh::Ended>();
    return ended && ended->error ? std::optional(ended->error->code) : std::nullopt;
}

} // namespace fb::test
