// SPDX-License-Identifier: Apache-2.0
// footbridgectl secrets list, add, first, remove, set, clear, confirm and revert: the secrets of the agent here.
#pragma once

#include "core/cli/Context.h"
#include "core/cli/SecretInput.h"

#include <string>

namespace fb::cli {

[[nodiscard]] std::string secretsText(const agent::SecretsListed& listed);

/// One secret, twice from a person, because nobody sees what is typed. Fails as checkSecret().
[[nodiscard]] Result<Secret, Error> readSecret(SecretInput& input, const std::string& what);

[[nodiscard]] ExitCode runSecrets(Context& context, const SecretsCommand& command, SecretInput& input);

} // namespace fb::cli
