// SPDX-License-Identifier: Apache-2.0
// The system's own `sshd -i` on a socket pair, with its own host key and configuration in a temporary directory, and
// the events of a Session that talks to it.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/ssh/Session.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QTemporaryDir>

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace fb::test {

/// Starts a program with these standard descriptors (-1: as ours) and returns its process id, -1 if it cannot. Not by
/// QProcess, whose vfork(2) makes a thread sanitizer blind for the locks of the thread that called it.
[[nodiscard]] pid_t spawn(std::vector<std::string> arguments, int input = -1, int output = -1, int errorOutput = -1);
/// Waits for a program; true if it exited with 0.
[[nodiscard]] bool succeeds(pid_t child);

class Sshd {
public:
    Sshd();
    ~Sshd();

    /// Why sshd cannot be used here; empty if it can.
    [[nodiscard]] QString problem() const;

    /// Starts one sshd; what it talks to.
    [[nodiscard]] FileDescriptor start(const std::vector<std::string>& options = {});
    /// Ends the sshd that was started last, with what belongs to it.
    void kill();

    [[nodiscard]] std::string path(const char* name) const
    {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }
    [[nodiscard]] std::string hostKey() const { return path("host_ed25519"); }
    [[nodiscard]] ssh::KnownHosts knownHosts() const { return ssh::KnownHosts(path("config/known_hosts")); }
    [[nodiscard]] ssh::Login keyLogin() const;
    [[nodiscard]] bool makeKey(const char* type, const std::string& file) const;

private:
    QTemporaryDir m_directory;
    std::vector<pid_t> m_children;
    bool m_keysMade = false;
};

/// Reads a session's events and keeps them.
class Reader {
public:
    explicit Reader(ssh::Session& session) : m_session(session) {}

    /// Takes events until one of this type comes, which is returned; nothing if the session ends without, or after 20
    /// s.
    template <class Event>
    [[nodiscard]] std::optional<Event> next()
    {
        while (auto event = take()) {
            if (auto* wanted = std::get_if<Event>(&*event))
                return std::move(*wanted);
            if (std::holds_alternative<ssh::Ended>(*event))
                break;
        }
        return std::nullopt;
    }
    /// Takes events until the output of the channel contains the text.
    [[nodiscard]] bool readUntil(ssh::ChannelId channel, const QByteArray& text);
    /// The error code of the end; nothing if it ends well or not at all.
    [[nodiscard]] std::optional<ErrorCode> errorAtEnd();

    [[nodiscard]] QByteArray output(ssh::ChannelId channel) const { return m_output.value(channel); }
    [[nodiscard]] QByteArray errorOutput(ssh::ChannelId channel) const { return m_errorOutput.value(channel); }
    [[nodiscard]] const std::vector<ssh::Stage>& stages() const { return m_stages; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    std::optional<ssh::Event> take();

    ssh::Session& m_session;
    QHash<ssh::ChannelId, QByteArray> m_output;
    QHash<ssh::ChannelId, QByteArray> m_errorOutput;
    std::vector<ssh::Stage> m_stages;
    std::optional<Error> m_error;
    bool m_hasEnded = false;
};

} // namespace fb::test
