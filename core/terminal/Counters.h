// SPDX-License-Identifier: Apache-2.0
// What happened and what was cut, since the terminal was made. Every limit of this room shows in one of these numbers.
#pragma once

#include <cstdint>

namespace fb::terminal {

struct Counters {
    std::uint64_t bytes = 0;              ///< bytes written to the terminal
    std::uint64_t bells = 0;              ///< BEL received: compare with the last value seen to ring once
    std::uint64_t linesEvicted = 0;       ///< rows that left the scrollback because it was full
    std::uint64_t unknownSequences = 0;   ///< well-formed, but nothing we do
    std::uint64_t abortedSequences = 0;   ///< broken off in the middle
    std::uint64_t parametersDropped = 0;  ///< beyond the parameter limit of one sequence
    std::uint64_t stringBytesDropped = 0; ///< beyond the length limit of an OSC or DCS string, or in an ignored one
    std::uint64_t badUtf8 = 0;            ///< replaced by U+FFFD
    std::uint64_t marksDropped = 0;       ///< combining marks without a base, or beyond a limit
    std::uint64_t replyBytesDropped = 0;  ///< answers nobody fetched in time
    std::uint64_t clipboardRefused = 0;   ///< OSC 52: the far end wanted the clipboard
    std::uint64_t reportsRefused = 0;     ///< queries not answered on purpose: title, checksum while switched off
    std::uint64_t rowsCut = 0;            ///< rows below the cursor that a smaller screen had no place for

    friend bool operator==(const Counters&, const Counters&) = default;
};

} // namespace fb::terminal
