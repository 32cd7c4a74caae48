// SPDX-License-Identifier: Apache-2.0
// Sizes that both halves of a stream agree on, and the ack body that describes a receive buffer.
#pragma once

#include "core/base/Instant.h"
#include "core/stream/Frame.h"
#include "core/stream/ReceiveBuffer.h"
#include "core/stream/SequenceNumber.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace fb::stream {

/// What may be under way to a peer that advertises no window. RouterOS's own is not known; ours, conservative.
inline constexpr std::uint64_t kPlainWindowBytes = 32 * 1024;
/// Payload size while the path's is not known: fits any Ethernet path of a dozen hops.
inline constexpr std::size_t kPayloadBytesDefault = 1024;
inline constexpr std::size_t kPayloadBytesMin = 64;
inline constexpr std::size_t kPayloadBytesLimit = 16384;
/// A stream with no more than this waiting is somebody typing: it is served first and waits for no pacing.
inline constexpr std::size_t kInteractiveBytes = 4096;
/// An idle stream asks whether its peer is there.
inline constexpr Duration kKeepaliveInterval = std::chrono::seconds(10);
/// How long our close is repeated to a peer without options once all else is done (it may not count a close as we do).
inline constexpr std::chrono::seconds kPlainCloseWait{5};

/// A moment as a stamp.
[[nodiscard]] inline std::uint32_t stampOf(Instant when)
{
    return std::max(static_cast<std::uint32_t>(when.time_since_epoch().count() & 0xffffffff), 1U);
}

/// A window as its 32-bit field.
[[nodiscard]] std::uint32_t windowField(std::uint64_t bytes);

/// The window and the out-of-order ranges of a buffer. If there are too many: the lowest ones, which the sender mends
/// next, and the newest with those just before it, of which an earlier ack may not have told all.
[[nodiscard]] AckBody ackBodyOf(const ReceiveBuffer& received, const SequenceNumber& numbers, std::size_t rangesMax);

} // namespace fb::stream
