// SPDX-License-Identifier: Apache-2.0
// How fast the terminal takes what the far end prints, at 200x50 with 10,000 lines of scrollback, in 64 KiB pieces. The
// baseline of each kind of text is a bare walk over the same bytes in the same run that only classifies and copies.
// Time is the processor's time of this program, which other work on the computer disturbs less.
#include "core/base/SeededRandom.h"
#include "core/terminal/Terminal.h"
#include "tests/bench/Report.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

using namespace fb;
using namespace fb::terminal;

namespace {

constexpr std::size_t kTextBytes = 16 * 1024 * 1024;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kRuns = 5;

std::string words(SeededRandom& random, std::size_t count)
{
    constexpr std::array<std::string_view, 8> kWords = {"interface", "ether1", "link",  "up",
                                                        "dhcp",      "lease",  "route", "192.168.88.254"};
    std::string text;
    for (std::size_t word = 0; word < count; ++word) {
        text += kWords[random.below(kWords.size())];
        text += ' ';
    }
    return text;
}

std::string asciiLog()
{
    SeededRandom random(1);
    std::string text;
    while (text.size() < kTextBytes)
        text += "12:00:" + std::to_string(random.below(60)) + " system,info " + words(random, 4 + random.below(14)) +
                "\r\n";
    return text;
}

std::string sgrColors()
{
    SeededRandom random(2);
    std::string text;
    while (text.size() < kTextBytes) {
        for (std::uint32_t word = 4 + random.below(10); word > 0; --word) {
            if (random.below(2) == 0)
                text += "\x1b[" + std::to_string(30 + random.below(8)) + ";1m";
            else
                text += "\x1b[38;5;" + std::to_string(random.below(256)) + "m";
            text += words(random, 1);
        }
        text += "\x1b[0m\r\n";
    }
    return text;
}

std::string ideographs()
{
    SeededRandom random(3);
    std::string text;
    while (text.size() < kTextBytes) {
        for (std::uint32_t count = 20 + random.below(60); count > 0; --count) {
            const std::uint32_t code = 0x4e00 + random.below(0x5000);
            text += static_cast<char>(0xe0U | (code >> 12U));
            text += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
            text += static_cast<char>(0x80U | (code & 0x3fU));
        }
        text += "\r\n";
    }
    return text;
}

std::string scrollRegion()
{
    SeededRandom random(4);
    std::string text = "\x1b[2;40r\x1b[40;1H";
    while (text.size() < kTextBytes)
        text += words(random, 4 + random.below(14)) + "\r\n";
    return text;
}

double megabytesPerSecond(std::size_t bytes, std::clock_t took)
{
    return static_cast<double>(bytes) / 1e6 * CLOCKS_PER_SEC / static_cast<double>(took);
}

template <class Run>
double best(std::size_t bytes, Run run)
{
    double fastest = 0;
    for (int repeat = 0; repeat < kRuns; ++repeat) {
        const std::clock_t begin = std::clock();
        run();
        fastest = std::max(fastest, megabytesPerSecond(bytes, std::clock() - begin));
    }
    return fastest;
}

/// The least any terminal must do: look at each byte, and put those that are text somewhere.
double baseline(const std::string& text)
{
    std::vector<char> sink(kPieceBytes);
    volatile std::size_t controls = 0;
    return best(text.size(), [&] {
        std::size_t count = 0;
        std::size_t at = 0;
        for (const char byte : text) {
            if (static_cast<unsigned char>(byte) < 0x20)
                ++count;
            else
                sink[at++ % kPieceBytes] = byte;
        }
        controls = count;
    });
}

double terminalSpeed(const std::string& text)
{
    const ByteVector bytes = bytesOf(text);
    return best(bytes.size(), [&bytes] {
        Terminal terminal({.size = {200, 50}, .scrollbackLinesMax = 10'000, .display = {}});
        for (std::size_t begin = 0; begin < bytes.size(); begin += kPieceBytes)
            terminal.write(Bytes(bytes).subspan(begin, std::min(kPieceBytes, bytes.size() - begin)));
    });
}

struct Kind {
    const char* name;
    std::string (*make)();
};

} // namespace

int main()
{
    constexpr std::array<Kind, 4> kKinds = {
        {{"ascii", asciiLog}, {"sgr", sgrColors}, {"ideographs", ideographs}, {"scroll-region", scrollRegion}}};
    bench::Report report("Terminal");
    for (const Kind& kind : kKinds) {
        const std::string text = kind.make();
        const double floor = baseline(text);
        report.add({.name = "terminal takes text",
                    .parameters = {{"text", kind.name}},
                    .value = terminalSpeed(text),
                    .unit = "MB/s",
                    .baseline = {{"a bare walk over the bytes", floor}}});
    }
    return report.write();
}
