// SPDX-License-Identifier: Apache-2.0
// Cuts the byte stream into text, control characters and sequences: the state machine of Paul Williams
// (vt100.net/emu/dec_ansi_parser) with UTF-8 text and colon sub-parameters. It interprets nothing. Parameters, strings
// and intermediates have fixed limits; how the input is cut into calls makes no difference.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Counters.h"
#include "core/terminal/Parameters.h"
#include "core/terminal/Utf8.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fb::terminal {

/// Everything of an escape, control or device control sequence but its string.
struct Sequence {
    Parameters parameters;
    char prefix = 0;       ///< one of < = > ? before the parameters, or 0
    char intermediate = 0; ///< from 0x20 to 0x2f, or 0
    char final = 0;

    /// The three bytes that say what is meant, for a switch.
    [[nodiscard]] constexpr unsigned kind() const { return kindOf(prefix, intermediate, final); }
    [[nodiscard]] static constexpr unsigned kindOf(char prefix, char intermediate, char final)
    {
        return static_cast<unsigned>(static_cast<unsigned char>(prefix)) << 16U |
               static_cast<unsigned>(static_cast<unsigned char>(intermediate)) << 8U |
               static_cast<unsigned>(static_cast<unsigned char>(final));
    }
};

/// Who acts on what the parser finds.
class ParserSink {
public:
    virtual ~ParserSink() = default;
    virtual void printAscii(Bytes run) = 0;                                          ///< 0x20 to 0x7e only
    virtual void printText(std::span<const char32_t> text) = 0;                      ///< above 0x9f only
    virtual void execute(std::uint8_t control) = 0;                                  ///< C0
    virtual void escapeSequence(const Sequence& sequence) = 0;                       ///< ESC ...
    virtual void controlSequence(const Sequence& sequence) = 0;                      ///< CSI ...
    virtual void operatingSystemCommand(std::string_view text) = 0;                  ///< OSC text ST
    virtual void deviceControl(const Sequence& sequence, std::string_view text) = 0; ///< DCS ... text ST
};

class Parser {
public:
    static constexpr std::size_t kStringBytesMax = 4096;

    Parser(ParserSink& sink, Counters& counters) : m_sink(sink), m_counters(counters) {}

    void write(Bytes bytes);

private:
    enum class State : std::uint8_t {
        Ground,
        Escape,
        EscapeIntermediate,
        CsiEntry,
        CsiParameter,
        CsiIntermediate,
        CsiIgnore,
        DcsEntry,
        DcsParameter,
        DcsIntermediate,
        DcsString,
        OscString,
        IgnoredString, // SOS, PM, APC, and device controls whose head is malformed
        StringEscape,  // ESC within a string: ST if a backslash follows
    };

    std::size_t ground(Bytes bytes);
    std::size_t text(Bytes bytes);
    void sequenceByte(std::uint8_t byte);
    void escape(std::uint8_t byte);
    void escapeIntermediate(std::uint8_t byte);
    void headByte(std::uint8_t byte);
    void csiFinal(std::uint8_t byte);
    void stringByte(std::uint8_t byte);
    void stringEscape(std::uint8_t byte);
    void endString();
    void beginSequence(State state);
    void abort();
    [[nodiscard]] bool isInString() const;
    [[nodiscard]] bool isInDcsHead() const;

    ParserSink& m_sink;
    Counters& m_counters;
    State m_state = State::Ground;
    State m_stringState = State::Ground; // which string StringEscape interrupts
    Utf8Decoder m_utf8;
    Sequence m_sequence;
    bool m_isMalformed = false; // a second intermediate: understood by nobody
    std::string m_string;
};

} // namespace fb::terminal
