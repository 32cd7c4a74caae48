// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Challenge.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

namespace fb::overlay {

ByteVector encode(const Challenge& challenge)
{
    ByteVector payload;
    wire::Encoder encoder(payload);
    encoder.integer(static_cast<std::uint8_t>(challenge.kind));
    encoder.zeros(1);
    encoder.integer(challenge.nonce);
    encoder.integer(challenge.value);
    return payload;
}

std::optional<Challenge> decodeChallenge(Bytes payload)
{
    wire::Decoder decoder(payload);
    std::uint8_t kind = 0;
    std::uint8_t reserved = 0;
    Challenge challenge;
    decoder.integer(kind);
    decoder.integer(reserved);
    decoder.integer(challenge.nonce);
    decoder.integer(challenge.value);
    const bool isKnown = kind == static_cast<std::uint8_t>(Challenge::Kind::Question) ||
                         kind == static_cast<std::uint8_t>(Challenge::Kind::Answer);
    if (!decoder.ok() || decoder.remaining() != 0 || reserved != 0 || !isKnown)
        return std::nullopt;
    challenge.kind = static_cast<Challenge::Kind>(kind);
    return challenge;
}

} // namespace fb::overlay
