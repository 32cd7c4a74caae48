// SPDX-License-Identifier: Apache-2.0
// What an SSH session tells, in order. The last event is always Ended; it ends every channel that is still open.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/Instant.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fb::ssh {

/// Names a channel of one session. Ascending, never 0, never used twice.
using ChannelId = std::uint32_t;

enum class Stage { KeyExchange, HostKey, Authentication, Ready };

/// "key-exchange", "host-key", "authentication", "ready": for logs and error contexts.
[[nodiscard]] std::string_view nameOf(Stage stage);

/// A stage begins. Ready comes once, when channels can be opened.
struct StageReached {
    Stage stage = Stage::KeyExchange;
    Duration elapsed{}; ///< since the session was made
};

/// Nothing is pinned for this device. The session waits for answerHostKey().
struct HostKeyUnknown {
    std::string type;        ///< "ssh-ed25519"
    std::string fingerprint; ///< "SHA256:..."
};

/// The device shows another key than the pinned ones. Ended with HostKeyChanged follows: this is never answered.
struct HostKeyChanged {
    std::string type;                  ///< of the received key
    std::vector<std::string> expected; ///< fingerprints of every key pinned for the device
    std::string received;              ///< fingerprint
    std::string file;                  ///< where the first of the pinned keys is
    std::size_t line = 0;              ///< its line, from 1
};

/// The session waits for answerPassword().
struct PasswordNeeded {
    std::string prompt;        ///< the far end's words, "Password" if it has none; untrusted text
    std::uint32_t attempt = 1; ///< 1 for the first question; a second one means that the last answer was wrong
};

/// The shell or command runs; what was written before is sent now.
struct ChannelOpened {
    ChannelId channel = 0;
};

/// Counts against the channel's window until Session::release() gives the bytes back.
struct ChannelData {
    enum class Source { Output, ErrorOutput };
    ChannelId channel = 0;
    Source source = Source::Output;
    ByteVector bytes;
};

/// So many bytes of what was written to the channel are on their way. Comes in lumps; the sum is exact.
struct ChannelWritten {
    ChannelId channel = 0;
    std::size_t sizeBytes = 0;
};

/// The channel is over and its last ChannelData has been delivered.
struct ChannelClosed {
    ChannelId channel = 0;
    std::optional<int> exitStatus;
    std::string exitSignal;     ///< "TERM", without "SIG"; empty if none
    std::optional<Error> error; ///< set if it could not be opened
};

/// The session is over. An error's context begins with the stage's name.
struct Ended {
    std::optional<Error> error; ///< none: the far end said goodbye after Ready; Cancelled: we did
};

using Event = std::variant<StageReached, HostKeyUnknown, HostKeyChanged, PasswordNeeded, ChannelOpened, ChannelData,
                           ChannelWritten, ChannelClosed, Ended>;

} // namespace fb::ssh
