// SPDX-License-Identifier: Apache-2.0
// The published RoMON packets of tests/data/romon-frames.hex, by name. Throws if the file is missing or malformed,
// which a test sees as a failure.
#pragma once

#include "core/base/Bytes.h"

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fb::test {

/// Bytes of a text of hex digits; blanks are skipped.
[[nodiscard]] inline ByteVector bytesOfHex(std::string_view text)
{
    std::string digits;
    for (const char letter : text) {
        if (letter != ' ' && letter != '\n')
            digits += letter;
    }
    ByteVector bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        std::uint8_t octet = 0;
        const auto* const end = digits.data() + at + 2;
        if (std::from_chars(digits.data() + at, end, octet, 16).ptr != end)
            throw std::runtime_error("not hex: " + digits);
        bytes.push_back(octet);
    }
    return bytes;
}

[[nodiscard]] inline std::map<std::string, ByteVector> capturedFrames()
{
    std::ifstream file(FB_TEST_DATA "/romon-frames.hex");
    std::map<std::string, ByteVector> frames;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        std::string hex;
        if (line.starts_with('#') || !(words >> name >> hex))
            continue;
        frames[name] = bytesOfHex(hex);
    }
    if (frames.empty())
        throw std::runtime_error("no captured frames in " FB_TEST_DATA);
    return frames;
}

} // namespace fb::test
