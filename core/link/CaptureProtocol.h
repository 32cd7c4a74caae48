// SPDX-License-Identifier: Apache-2.0
// What footbridge-capture and its client say to each other over a SOCK_SEQPACKET socket pair, one message a packet.
// First the helper sends one status line: "ok", or "failed CODE ERRNO" with a code of nameOf(ErrorCode). After it,
// every packet of at least 14 bytes is a frame, in both directions, and a packet of eight bytes from the helper is a
// report:
//
//   | frames from the client that were not sent (4) | frames for the client that were dropped (4) |   both since the
//   start
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/Result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fb::link {

/// The helper's end of the pair.
inline constexpr int kCaptureDescriptor = 3;

[[nodiscard]] ByteVector encodeCaptureStatus(const Result<void, Error>& opened);

/// What the status line says about opening `interface`. A line that makes no sense is ProtocolMismatch.
[[nodiscard]] Result<void, Error> decodeCaptureStatus(Bytes line, const std::string& interface);

/// Both count from the start of the helper and wrap around.
struct CaptureReport {
    std::uint32_t sendsDropped = 0;
    std::uint32_t receivesDropped = 0;

    friend bool operator==(const CaptureReport&, const CaptureReport&) = default;
};

inline constexpr std::size_t kCaptureReportBytes = 8;

[[nodiscard]] ByteVector encodeCaptureReport(const CaptureReport& report);

/// Nothing if the packet is not a report.
[[nodiscard]] std::optional<CaptureReport> decodeCaptureReport(Bytes packet);

} // namespace fb::link
