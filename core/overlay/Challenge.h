// SPDX-License-Identifier: Apache-2.0
// The payload of Data on our private port 0xfb02, between neighbors that share a secret: "which session are you in?"
// and the answer, which is the frame that carries it.
//
//   0      1          2          10
//   | kind | reserved | nonce    | question: age, answer: first counter (4) |
#pragma once

#include "core/base/Bytes.h"

#include <cstdint>
#include <optional>

namespace fb::overlay {

inline constexpr std::uint16_t kChallengePort = 0xfb02; ///< ours

struct Challenge {
    enum class Kind : std::uint8_t { Question = 1, Answer = 2 } kind = Kind::Question;
    std::uint64_t nonce = 0;
    /// Question: for so many microseconds its sender knows which frames it has taken. Answer: the counter above which
    /// (itself included) all of its sender's frames are younger than that.
    std::uint32_t value = 0;

    friend bool operator==(const Challenge&, const Challenge&) = default;
};

[[nodiscard]] ByteVector encode(const Challenge& challenge);
/// Nothing if the payload is none: exact size, a known kind, a zero reserved byte.
[[nodiscard]] std::optional<Challenge> decodeChallenge(Bytes payload);

} // namespace fb::overlay
