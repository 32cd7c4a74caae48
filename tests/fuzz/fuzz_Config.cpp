// SPDX-License-Identifier: Apache-2.0
// Hostile configuration files: no text crashes the reader; a refused one says at least one thing, and not too many.
#include "core/agent/Config.h"
#include "core/agent/ConfigError.h"
#include "core/base/Assert.h"
#include "core/base/Bytes.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto config = fb::agent::parseConfig(fb::textOf(fb::Bytes(data, size)), "fuzz");
    if (config)
        return 0;
    FB_ASSERT(!config.error().empty() && config.error().size() <= fb::agent::ConfigErrors::kMax + 1);
    for (const auto& error : config.error())
        FB_ASSERT(!error.context.empty());
    return 0;
}
