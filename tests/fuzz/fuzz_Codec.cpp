// SPDX-License-Identifier: Apache-2.0
// No bytes crash the RoMON decoder, and whatever it understands survives encode and decode unchanged: as they come, and
// with the length field put right so that the parts behind it are reached.
#include "core/base/Assert.h"
#include "core/romon/Codec.h"
#include "core/romon/Text.h"

#include <algorithm>

using namespace fb;

namespace {

void check(Bytes packet)
{
    const auto message = romon::decode(packet);
    if (!message) {
        FB_ASSERT(!romon::nameOf(message.error()).empty());
        return;
    }
    const ByteVector encoded = romon::encode(*message);
    FB_ASSERT(encoded.size() == romon::withoutPadding(packet).size());
    const auto again = romon::decode(encoded);
    FB_ASSERT(again.has_value() && *again == *message);
    if (const auto* response = std::get_if<romon::DiscoverResp>(&*message)) {
        const auto shown = romon::displayText(response->identity.value_or(std::string()));
        FB_ASSERT(shown.size() <= romon::kDisplayTextBytesMax && romon::displayText(shown) == shown);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    ByteVector packet(data, data + std::min<std::size_t>(size, romon::kPacketBytesMax));
    check(packet);
    if (packet.size() >= 4) {
        packet[2] = static_cast<std::uint8_t>((packet.size() + 14) >> 8U);
        packet[3] = static_cast<std::uint8_t>(packet.size() + 14);
        check(packet);
    }
    return 0;
}
