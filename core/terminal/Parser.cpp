// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Parser.h"

namespace fb::terminal {

namespace {

constexpr std::uint8_t kBell = 0x07;
constexpr std::uint8_t kCancel = 0x18;
constexpr std::uint8_t kSubstitute = 0x1a;
constexpr std::uint8_t kEscape = 0x1b;
constexpr std::uint8_t kDelete = 0x7f;

constexpr bool isPrintableAscii(std::uint8_t byte)
{
    return byte >= 0x20 && byte < kDelete;
}

} // namespace

void Parser::write(Bytes bytes)
{
    m_counters.bytes += bytes.size();
    std::size_t position = 0;
    while (position < bytes.size()) {
        if (m_state == State::Ground) {
            position += ground(bytes.subspan(position));
        } else if (bytes[position] >= 0x80 && !isInString()) {
            abort(); // a sequence is ASCII: the byte is looked at again as text
        } else {
            sequenceByte(bytes[position]);
            ++position;
        }
    }
}

/// Text and control characters up to the next ESC; returns how many bytes are done (at least one).
std::size_t Parser::ground(Bytes bytes)
{
    std::size_t position = 0;
    if (m_utf8.isPending())
        position = text(bytes);
    while (position < bytes.size()) {
        const std::size_t begin = position;
        while (position < bytes.size() && isPrintableAscii(bytes[position]))
            ++position;
        if (position > begin)
            m_sink.printAscii(bytes.subspan(begin, position - begin));
        if (position == bytes.size())
            break;
        const std::uint8_t byte = bytes[position];
        if (byte >= 0x80) {
            position += text(bytes.subspan(position));
            continue;
        }
        ++position;
        if (byte == kEscape) {
            beginSequence(State::Escape);
            break;
        }
        if (byte != kDelete)
            m_sink.execute(byte);
    }
    return position;
}

/// Decodes UTF-8 up to the next ASCII byte; returns how many bytes are done.
std::size_t Parser::text(Bytes bytes)
{
    std::array<char32_t, 256> decoded;
    std::size_t count = 0;
    const auto add = [&](char32_t codePoint) {
        decoded[count++] = codePoint;
        if (count == decoded.size()) {
            m_sink.printText(decoded);
            count = 0;
        }
    };
    std::size_t position = 0;
    while (position < bytes.size() && (m_utf8.isPending() || bytes[position] >= 0x80)) {
        const Utf8Decoder::Step step = m_utf8.feed(bytes[position]);
        if (step != Utf8Decoder::Step::BrokenOff)
            ++position;
        if (step == Utf8Decoder::Step::Complete) {
            if (m_utf8.codePoint() > 0x9f)
                add(m_utf8.codePoint());
            else
                ++m_counters.unknownSequences; // C1 controls: nobody sends them in UTF-8 on purpose
        } else if (step != Utf8Decoder::Step::Incomplete) {
            ++m_counters.badUtf8;
            add(Utf8Decoder::kReplacement);
        }
    }
    if (count > 0)
        m_sink.printText(std::span(decoded).first(count));
    return position;
}

void Parser::sequenceByte(std::uint8_t byte)
{
    if (byte == kCancel || byte == kSubstitute) {
        abort();
        return;
    }
    if (m_state == State::StringEscape) {
        stringEscape(byte);
        return;
    }
    if (isInString()) {
        stringByte(byte);
        return;
    }
    if (byte == kEscape) {
        ++m_counters.abortedSequences;
        beginSequence(State::Escape);
        return;
    }
    if (byte < 0x20) {
        if (!isInDcsHead())
            m_sink.execute(byte);
        return;
    }
    if (byte == kDelete)
        return;
    if (m_state == State::Escape)
        escape(byte);
    else if (m_state == State::EscapeIntermediate)
        escapeIntermediate(byte);
    else
        headByte(byte);
}

void Parser::escape(std::uint8_t byte)
{
    switch (byte) {
    case '[':
        beginSequence(State::CsiEntry);
        return;
    case ']':
        beginSequence(State::OscString);
        return;
    case 'P':
        beginSequence(State::DcsEntry);
        return;
    case 'X':
    case '^':
    case '_':
        beginSequence(State::IgnoredString);
        return;
    default:
        escapeIntermediate(byte);
    }
}

void Parser::escapeIntermediate(std::uint8_t byte)
{
    if (byte < 0x30) {
        m_isMalformed = m_isMalformed || m_sequence.intermediate != 0;
        m_sequence.intermediate = static_cast<char>(byte);
        m_state = State::EscapeIntermediate;
        return;
    }
    m_state = State::Ground;
    m_sequence.final = static_cast<char>(byte);
    if (m_isMalformed)
        ++m_counters.unknownSequences;
    else
        m_sink.escapeSequence(m_sequence);
}

/// The head of a control or device control sequence: prefix, parameters, intermediate, final byte.
void Parser::headByte(std::uint8_t byte)
{
    const bool isDcs = isInDcsHead();
    const bool isEntry = m_state == State::CsiEntry || m_state == State::DcsEntry;
    const bool isIntermediate = m_state == State::CsiIntermediate || m_state == State::DcsIntermediate;
    if (byte >= 0x40) {
        m_sequence.final = static_cast<char>(byte);
        if (isDcs)
            m_state = m_isMalformed ? State::IgnoredString : State::DcsString;
        else
            csiFinal(byte);
        return;
    }
    if (m_state == State::CsiIgnore)
        return;
    if (byte < 0x30) {
        m_isMalformed = m_isMalformed || m_sequence.intermediate != 0;
        m_sequence.intermediate = static_cast<char>(byte);
        m_state = isDcs ? State::DcsIntermediate : State::CsiIntermediate;
        return;
    }
    const bool isPrefix = byte >= 0x3c;
    if (isIntermediate || (isPrefix && !isEntry)) {
        m_isMalformed = true;
        if (!isDcs)
            m_state = State::CsiIgnore;
        return;
    }
    m_state = isDcs ? State::DcsParameter : State::CsiParameter;
    if (isPrefix)
        m_sequence.prefix = static_cast<char>(byte);
    else if (byte <= '9')
        m_sequence.parameters.digit(byte - unsigned{'0'});
    else
        m_sequence.parameters.separator(static_cast<char>(byte));
}

void Parser::csiFinal(std::uint8_t byte)
{
    m_sequence.final = static_cast<char>(byte);
    m_state = State::Ground;
    m_counters.parametersDropped += m_sequence.parameters.dropped();
    if (m_isMalformed)
        ++m_counters.unknownSequences;
    else
        m_sink.controlSequence(m_sequence);
}

void Parser::stringByte(std::uint8_t byte)
{
    if (byte == kEscape) {
        m_stringState = m_state;
        m_state = State::StringEscape;
        return;
    }
    if (byte == kBell && m_state == State::OscString) {
        endString();
        return;
    }
    if (byte < 0x20)
        return;
    if (m_state == State::IgnoredString || m_string.size() == kStringBytesMax)
        ++m_counters.stringBytesDropped;
    else
        m_string.push_back(static_cast<char>(byte));
}

void Parser::stringEscape(std::uint8_t byte)
{
    if (byte == '\\') {
        m_state = m_stringState;
        endString();
        return;
    }
    ++m_counters.abortedSequences;
    beginSequence(State::Escape);
    sequenceByte(byte);
}

void Parser::endString()
{
    const State ended = m_state;
    m_state = State::Ground;
    if (ended == State::OscString)
        m_sink.operatingSystemCommand(m_string);
    else if (ended == State::DcsString)
        m_sink.deviceControl(m_sequence, m_string);
    else
        ++m_counters.unknownSequences;
}

void Parser::beginSequence(State state)
{
    m_state = state;
    m_sequence.parameters.clear();
    m_sequence.prefix = 0;
    m_sequence.intermediate = 0;
    m_isMalformed = false;
    m_string.clear();
}

void Parser::abort()
{
    ++m_counters.abortedSequences;
    m_state = State::Ground;
}

bool Parser::isInString() const
{
    return m_state == State::OscString || m_state == State::DcsString || m_state == State::IgnoredString;
}

bool Parser::isInDcsHead() const
{
    return m_state == State::DcsEntry || m_state == State::DcsParameter || m_state == State::DcsIntermediate;
}

} // namespace fb::terminal
