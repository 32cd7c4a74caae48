// SPDX-License-Identifier: Apache-2.0
// One non-blocking libssh session on a socket that stays ours: its options, its key exchange, the far end's host key,
// and its end. libssh works on a copy of the descriptor, which is closed here if libssh has not done so.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"
#include "core/runtime/Poller.h"
#include "core/ssh/KnownHosts.h"
#include "core/ssh/Libssh.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fb::ssh {

class Connection {
public:
    explicit Connection(FileDescriptor socket) : m_socket(std::move(socket)) {}
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Makes the session. Host keys of the pinned types are asked for first.
    [[nodiscard]] Result<void, Error> open(romon::RomonId device, const std::string& user,
                                           const std::vector<PinnedKey>& pinned);

    enum class Progress { WaitsForFarEnd, Done, Failed };
    /// Key exchange; the far end has proved that it holds hostKey() when it is done.
    [[nodiscard]] Progress connect();
    [[nodiscard]] std::optional<HostKey> hostKey() const;

    /// Hands the agent's socket to libssh, which closes it.
    void useAgent(FileDescriptor agent);

    /// Handles the packets that are there. To be called when nothing else asks libssh for progress.
    void pump();
    /// Grows whenever libssh has received or sent something. Any call into it can handle packets for whomever they are,
    /// so whoever was asked before that must be asked again.
    [[nodiscard]] std::uint64_t activity() const { return m_socketCounter.out_bytes + m_packetCounter.in_packets; }
    [[nodiscard]] bool isConnected() const;
    /// Whether the far end said goodbye, rather than just going away.
    [[nodiscard]] bool wasEndedByFarEnd() const;

    [[nodiscard]] ssh_session session() const { return m_session.get(); }
    [[nodiscard]] int socket() const { return m_socket.get(); }
    [[nodiscard]] runtime::Interest interest() const;

    /// Says goodbye if that is possible at once, and closes the socket.
    void close();

private:
    [[nodiscard]] bool setOptions(romon::RomonId device, const std::string& user, const std::vector<PinnedKey>& pinned);

    FileDescriptor m_socket;
    int m_copy = -1;                      ///< libssh's; see close()
    ssh_counter_struct m_socketCounter{}; ///< libssh counts into these
    ssh_counter_struct m_packetCounter{};
    SessionHandle m_session;
    EventHandle m_pump;
};

} // namespace fb::ssh
