// SPDX-License-Identifier: Apache-2.0
// Hostile configuration files, and hostile files of secrets: no text crashes the readers; a refused one says at least
// one thing, and not too many; what is read as secrets and written again reads the same.
#include "core/agent/Config.h"
#include "core/agent/ConfigError.h"
#include "core/agent/SecretFile.h"
#include "core/base/Assert.h"
#include "core/base/Bytes.h"
#include "tests/fuzz/SameSecrets.h"

#include <cstddef>
#include <cstdint>

using namespace fb::agent;

namespace {

void checkErrors(const std::vector<fb::Error>& errors)
{
    FB_ASSERT(!errors.empty() && errors.size() <= ConfigErrors::kMax + 1);
    for (const auto& error : errors)
        FB_ASSERT(!error.context.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = fb::textOf(fb::Bytes(data, size));
    if (const auto config = parseConfig(text, "fuzz"); !config)
        checkErrors(config.error());
    const auto secrets = parseSecrets(text, "fuzz");
    if (secrets)
        fb::fuzz::checkFileOf(*secrets);
    else
        checkErrors(secrets.error());
    return 0;
}
