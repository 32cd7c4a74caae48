// SPDX-License-Identifier: Apache-2.0
// The TLV part of Discover and DiscoverResp: tag u8, length u8, value; until the packet ends. A tag is one row of a
// table in Tlv.cpp; tags without a row are kept as they came. Used by the codec alone.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/romon/Messages.h"
#include "core/romon/WireError.h"
#include "core/wire/Encoder.h"

namespace fb::romon {

[[nodiscard]] Result<void, WireError> readTlvs(Bytes body, Discover& message);
[[nodiscard]] Result<void, WireError> readTlvs(Bytes body, DiscoverResp& message);

void writeTlvs(wire::Encoder& encoder, const Discover& message);
void writeTlvs(wire::Encoder& encoder, const DiscoverResp& message);

} // namespace fb::romon
