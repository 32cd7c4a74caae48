// SPDX-License-Identifier: Apache-2.0
// Gives every control character and sequence its meaning: it moves text and operations to the screen and answers to the
// replies. What it does not know changes nothing and is counted.
#pragma once

#include "core/terminal/ModeTable.h"
#include "core/terminal/Parser.h"
#include "core/terminal/Printer.h"
#include "core/terminal/Replies.h"
#include "core/terminal/Screen.h"
#include "core/terminal/Title.h"

namespace fb::terminal {

class Interpreter final : public ParserSink {
public:
    /// What the sequences act on; everything outlives the interpreter.
    struct Parts {
        Screen& screen;
        Replies& replies;
        Counters& counters;
        Title& title;
        const Display& display;
        ChecksumReports checksumReports;
    };

    explicit Interpreter(const Parts& parts) : m_parts(parts), m_printer(parts.screen, parts.counters) {}

    void printAscii(Bytes run) override { m_printer.printAscii(run); }
    void printText(std::span<const char32_t> text) override { m_printer.printText(text); }
    void execute(std::uint8_t control) override;
    void escapeSequence(const Sequence& sequence) override;
    void controlSequence(const Sequence& sequence) override;
    void operatingSystemCommand(std::string_view text) override;
    void deviceControl(const Sequence& sequence, std::string_view text) override;

private:
    // Each takes its share of the control sequences; false if the sequence is not its.
    bool moveCursor(const Sequence& sequence);
    bool edit(const Sequence& sequence);
    bool change(const Sequence& sequence);
    bool answer(const Sequence& sequence);

    bool erase(const Sequence& sequence);
    void changeModes(const Sequence& sequence, ModeAction action);
    void setMargins(const Parameters& parameters);
    void setCursorStyle(unsigned style);
    void clearTabStops(unsigned which);
    void windowOperation(const Parameters& parameters);
    void deviceStatus(const Sequence& sequence);
    void designate(const Sequence& sequence);
    void countUnknown() { ++m_parts.counters.unknownSequences; }

    Parts m_parts;
    Printer m_printer;
};

} // namespace fb::terminal
