// SPDX-License-Identifier: Apache-2.0
// Hostile bytes on the control socket: no input crashes the framing or the decoding, and what decodes encodes to
// something that decodes to the same.
#include "core/agent/CommandCheck.h"
#include "core/agent/Message.h"
#include "core/agent/MessageChannel.h"
#include "core/agent/SocketPair.h"
#include "core/base/Assert.h"

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace {

void decodeText(std::string_view text)
{
    const auto message = fb::agent::decodeMessage(text);
    if (!message)
        return;
    const auto once = fb::agent::encodeMessage(*message);
    const auto again = fb::agent::decodeMessage(once);
    FB_ASSERT(again.has_value());
    FB_ASSERT(fb::agent::encodeMessage(*again) == once);
    if (const auto* command = std::get_if<fb::agent::CommandMessage>(&*message))
        (void)fb::agent::checkCommand(command->command);
}

void readFramed(const std::uint8_t* data, std::size_t size)
{
    auto pair = fb::agent::makeSocketPair();
    FB_ASSERT(pair.has_value());
    (void)::send(pair->theirs.get(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    pair->theirs.reset();
    fb::agent::MessageChannel channel(std::move(pair->ours), fb::agent::MessageChannel::Descriptors::Accept, {});
    for (;;) {
        const auto text = channel.receive();
        if (!text || !*text)
            return;
        decodeText(**text);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // The first byte chooses: a text by itself reaches the decoder more often than one that needs a right length.
    if (size > 0 && data[0] == 0)
        readFramed(data, size);
    else
        decodeText(fb::textOf(fb::Bytes(data, size)));
    return 0;
}
