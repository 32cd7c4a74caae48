// SPDX-License-Identifier: Apache-2.0
// One SSH connection to a device over a connected stream socket, with many channels. It works on its own thread with
// libssh; its user calls from one thread, is never made to wait, and reads events. Every queue between the two is
// bounded.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/romon/RomonId.h"
#include "core/ssh/Event.h"
#include "core/ssh/KnownHosts.h"
#include "core/ssh/Login.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace fb::ssh {

struct TerminalSize {
    std::uint16_t columns = 80;
    std::uint16_t rows = 24;

    friend bool operator==(const TerminalSize&, const TerminalSize&) = default;
};

enum class HostKeyAnswer { Accept, Reject }; ///< Accept pins the key for good

/// Used by one thread. Destroying it ends the connection at once.
class Session {
public:
    /// Starts to connect. The device's id is the name under which host keys are pinned.
    Session(romon::RomonId device, FileDescriptor socket, Login login, KnownHosts knownHosts, TimeLimits limits = {});
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Answers HostKeyUnknown. Without a question it does nothing.
    void answerHostKey(HostKeyAnswer answer);
    /// Answers PasswordNeeded. Without a question it does nothing.
    void answerPassword(Secret password);

    /// Channels may be asked for before Ready; they open then. More than kChannelsMax open ones: ChannelClosed with
    /// LimitReached.
    [[nodiscard]] ChannelId openShell(TerminalSize size, std::string terminalType = "xterm-256color");
    [[nodiscard]] ChannelId openCommand(std::string command);

    /// Queues bytes for a channel, all or none. LimitReached: more than kUnsentBytesMax would wait (ChannelWritten
    /// tells when there is room); InvalidArgument: no such channel.
    [[nodiscard]] Result<void, Error> write(ChannelId channel, ByteVector bytes);
    /// No more will be written: the far end's program reads an end of file.
    void endInput(ChannelId channel);
    void resize(ChannelId channel, TerminalSize size);
    void closeChannel(ChannelId channel);

    /// Says that so many bytes of ChannelData have been dealt with. A channel with kUnreleasedBytesMax outstanding is
    /// read no further, so that a slow window slows its program and not this one.
    void release(ChannelId channel, std::size_t sizeBytes);

    /// Ends the session in whatever stage it is; Ended with Cancelled follows.
    void cancel();

    /// Readable while nextEvent() has something.
    [[nodiscard]] int pollDescriptor() const;
    [[nodiscard]] std::optional<Event> nextEvent();

    static constexpr std::size_t kChannelsMax = 32;
    static constexpr std::size_t kUnsentBytesMax = 8U << 20U;
    static constexpr std::size_t kUnreleasedBytesMax = 512U << 10U;

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

} // namespace fb::ssh
