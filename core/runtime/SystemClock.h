// SPDX-License-Identifier: Apache-2.0
// Where Instants come from: CLOCK_MONOTONIC. Nothing in the engines may include this.
#pragma once

#include "core/base/Instant.h"

namespace fb::runtime {

[[nodiscard]] Instant now();

} // namespace fb::runtime
