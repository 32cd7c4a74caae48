// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Connection.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace fb::ssh {
namespace {

/// The host key algorithms to offer: those of pinned keys first, so that a device with several keys shows a known one.
std::string algorithmsFor(const std::vector<PinnedKey>& pinned)
{
    constexpr std::array kOurs{"ssh-ed25519",         "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
                               "ecdsa-sha2-nistp521", "rsa-sha2-512",        "rsa-sha2-256"};
    const auto isPinned = [&](const std::string& algorithm) {
        const auto type = algorithm.starts_with("rsa-sha2-") ? "ssh-rsa" : algorithm;
        return std::ranges::any_of(pinned, [&](const PinnedKey& key) {
            return key.key.type == type && key.trust == PinnedKey::Trust::Pinned;
        });
    };
    std::vector<std::string> algorithms(kOurs.begin(), kOurs.end());
    std::stable_partition(algorithms.begin(), algorithms.end(), isPinned); // clang 14 cannot read the ranges' one
    std::string list;
    for (const auto& algorithm : algorithms)
        list += (list.empty() ? "" : ",") + algorithm;
    return list;
}

bool isSameSocket(int one, int other)
{
    struct stat first = {};
    struct stat second = {};
    return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

} // namespace

Result<void, Error> Connection::open(romon::RomonId device, const std::string& user,
                                     const std::vector<PinnedKey>& pinned)
{
    const int flags = ::fcntl(m_socket.get(), F_GETFL);
    m_copy = ::fcntl(m_socket.get(), F_DUPFD_CLOEXEC, 0);
    if (flags < 0 || m_copy < 0 || ::fcntl(m_socket.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
        auto error = stageError(ErrorCode::SystemError, Stage::KeyExchange, "socket");
        error.systemErrno = errno;
        return failure(error);
    }
    initializeLibrary();
    m_session.reset(ssh_new());
    if (!m_session)
        return failure(stageError(ErrorCode::SystemError, Stage::KeyExchange, "libssh makes no session"));
    if (!setOptions(device, user, pinned)) {
        auto error = libraryError(session(), Stage::KeyExchange);
        error.code = ErrorCode::InvalidArgument;
        return failure(error);
    }
    ssh_set_blocking(session(), 0);
    ssh_set_counters(session(), &m_socketCounter, &m_packetCounter);
    return {};
}

bool Connection::setOptions(romon::RomonId device, const std::string& user, const std::vector<PinnedKey>& pinned)
{
    // Neither the user's nor the system's ssh_config has a say (a ProxyCommand there would be fatal), and the pins are
    // ours alone. The host's name is only a name: nothing is looked up for a socket that is there, and libssh refuses
    // one with colons that is no IPv6 address.
    const int no = 0;
    auto name = device.toString();
    std::ranges::replace(name, ':', '-');
    const auto set = [this](ssh_options_e option, const void* value) {
        return ssh_options_set(session(), option, value) == SSH_OK;
    };
    return set(SSH_OPTIONS_PROCESS_CONFIG, &no) && set(SSH_OPTIONS_HOST, name.c_str()) &&
           set(SSH_OPTIONS_USER, user.c_str()) && set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null") &&
           set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") &&
           set(SSH_OPTIONS_HOSTKEYS, algorithmsFor(pinned).c_str()) && set(SSH_OPTIONS_FD, &m_copy);
}

Connection::Progress Connection::connect()
{
    const int reply = ssh_connect(session());
    if (reply == SSH_AGAIN)
        return Progress::WaitsForFarEnd;
    if (reply != SSH_OK)
        return Progress::Failed;
    m_pump.reset(ssh_event_new());
    if (m_pump)
        (void)ssh_event_add_session(m_pump.get(), session());
    return Progress::Done;
}

std::optional<HostKey> Connection::hostKey() const
{
    ssh_key key = nullptr;
    if (ssh_get_server_publickey(session(), &key) != SSH_OK)
        return std::nullopt;
    const KeyHandle owner(key);
    char* base64 = nullptr;
    if (ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
        return std::nullopt;
    const TextHandle text(base64);
    return HostKey{.type = ssh_key_type_to_char(ssh_key_type(key)), .base64 = text.get()};
}

void Connection::useAgent(FileDescriptor agent)
{
    if (ssh_set_agent_socket(session(), agent.get()) == SSH_OK)
        (void)agent.release();
}

void Connection::pump()
{
    if (m_pump)
        (void)ssh_event_dopoll(m_pump.get(), 0);
}

bool Connection::isConnected() const
{
    return ssh_is_connected(session()) != 0 && (ssh_get_status(session()) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0;
}

bool Connection::wasEndedByFarEnd() const
{
    // RFC 4253, 11.1: 11 is SSH_DISCONNECT_BY_APPLICATION; libssh keeps it in its error text only.
    return std::string_view(ssh_get_error(session())).find("SSH_MSG_DISCONNECT: 11") != std::string_view::npos;
}

runtime::Interest Connection::interest() const
{
    return (ssh_get_poll_flags(session()) & SSH_WRITE_PENDING) != 0 ? runtime::Interest::ReadWrite
                                                                    : runtime::Interest::Read;
}

void Connection::close()
{
    if (m_session) {
        if (m_pump)
            (void)ssh_event_remove_session(m_pump.get(), session());
        m_pump.reset();
        ssh_disconnect(session());
        m_session.reset();
    }
    // libssh closes the descriptor it was given after some errors, and after others not. Meanwhile the number may have
    // become another thread's, so it is closed only if it still is our socket.
    if (m_copy >= 0 && isSameSocket(m_copy, m_socket.get()))
        ::close(m_copy);
    m_copy = -1;
    if (m_socket.isOpen())
        (void)::shutdown(m_socket.get(), SHUT_RDWR);
    m_socket.reset();
}

} // namespace fb::ssh
