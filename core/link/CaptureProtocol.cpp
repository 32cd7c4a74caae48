// SPDX-License-Identifier: Apache-2.0
#include "core/link/CaptureProtocol.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

#include <charconv>

namespace fb::link {

namespace {

constexpr std::string_view kOpened = "ok";
constexpr std::string_view kFailed = "failed ";

std::optional<ErrorCode> codeNamed(std::string_view name)
{
    for (int value = 0; value < static_cast<int>(ErrorCode::Count); ++value) {
        const auto code = static_cast<ErrorCode>(value);
        if (nameOf(code) == name)
            return code;
    }
    return std::nullopt;
}

} // namespace

ByteVector encodeCaptureStatus(const Result<void, Error>& opened)
{
    if (opened)
        return bytesOf(kOpened);
    return bytesOf(std::string(kFailed) + std::string(nameOf(opened.error().code)) + ' ' +
                   std::to_string(opened.error().systemErrno));
}

Result<void, Error> decodeCaptureStatus(Bytes line, const std::string& interface)
{
    const std::string text = textOf(line);
    if (text == kOpened)
        return {};
    const auto mismatch = failure(Error{.code = ErrorCode::ProtocolMismatch, .context = "footbridge-capture"});
    if (!text.starts_with(kFailed))
        return mismatch;
    const std::string_view words = std::string_view(text).substr(kFailed.size());
    const auto space = words.find(' ');
    if (space == std::string_view::npos)
        return mismatch;
    const auto code = codeNamed(words.substr(0, space));
    const std::string_view digits = words.substr(space + 1);
    int systemErrno = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), systemErrno);
    if (!code || parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
        return mismatch;
    return failure(Error{.code = *code, .context = interface, .systemErrno = systemErrno});
}

ByteVector encodeCaptureReport(const CaptureReport& report)
{
    ByteVector packet;
    wire::Encoder encoder(packet);
    encoder.integer(report.sendsDropped);
    encoder.integer(report.receivesDropped);
    return packet;
}

std::optional<CaptureReport> decodeCaptureReport(Bytes packet)
{
    if (packet.size() != kCaptureReportBytes)
        return std::nullopt;
    CaptureReport report;
    wire::Decoder decoder(packet);
    decoder.integer(report.sendsDropped);
    decoder.integer(report.receivesDropped);
    return report;
}

} // namespace fb::link
