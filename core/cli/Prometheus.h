// SPDX-License-Identifier: Apache-2.0
// Statistics in Prometheus's text exposition format 0.0.4. The number of series is bounded: labels that a stranger on
// the wire chooses (ids) are cut to the largest few, the rest is one sum.
#pragma once

#include "core/agent/Statistics.h"

#include <string>

namespace fb::cli {

[[nodiscard]] std::string prometheusText(const agent::Statistics& statistics);

} // namespace fb::cli
