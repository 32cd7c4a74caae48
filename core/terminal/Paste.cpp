// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Paste.h"

#include "core/terminal/Utf8.h"

#include <string>

namespace fb::terminal {

namespace {

constexpr std::string_view kBracketBegin = "\x1b[200~";
constexpr std::string_view kBracketEnd = "\x1b[201~";

/// Turns the clipboard's text into what keys could have typed, code point by code point.
class Cleaner {
public:
    void take(char32_t codePoint)
    {
        const bool isSecondOfPair = m_wasReturn && codePoint == '\n';
        m_wasReturn = codePoint == '\r';
        if (isSecondOfPair)
            return;
        if (codePoint == '\r' || codePoint == '\n') {
            endLine();
        } else if (codePoint != '\t' && (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0))) {
            ++removed;
        } else {
            appendUtf8(text, codePoint);
            m_hasText = true;
        }
    }
    [[nodiscard]] int lines() const { return m_lineEnds + (m_hasText ? 1 : 0); }
    [[nodiscard]] bool endsWithLineEnd() const { return m_lineEnds > 0 && !m_hasText; }

    std::string text;
    std::size_t removed = 0;

private:
    void endLine()
    {
        text.push_back('\r');
        ++m_lineEnds;
        m_hasText = false;
    }

    int m_lineEnds = 0;
    bool m_hasText = false; // since the last line end
    bool m_wasReturn = false;
};

} // namespace

Paste preparePaste(std::string_view utf8, const Modes& modes)
{
    Cleaner cleaner;
    Utf8Decoder decoder;
    for (const char byte : utf8) {
        auto step = decoder.feed(static_cast<std::uint8_t>(byte));
        if (step == Utf8Decoder::Step::BrokenOff) {
            ++cleaner.removed;
            step = decoder.feed(static_cast<std::uint8_t>(byte));
        }
        if (step == Utf8Decoder::Step::Complete)
            cleaner.take(decoder.codePoint());
        else if (step == Utf8Decoder::Step::BadByte)
            ++cleaner.removed;
    }
    if (decoder.isPending())
        ++cleaner.removed;

    Paste paste;
    paste.lines = cleaner.lines();
    paste.endsWithLineEnd = cleaner.endsWithLineEnd();
    paste.removed = cleaner.removed;
    if (cleaner.text.empty())
        return paste;
    const bool isBracketed = modes.bracketedPaste;
    paste.bytes = bytesOf((isBracketed ? std::string(kBracketBegin) : std::string()) + cleaner.text +
                          (isBracketed ? std::string(kBracketEnd) : std::string()));
    return paste;
}

} // namespace fb::terminal
