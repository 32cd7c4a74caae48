// SPDX-License-Identifier: Apache-2.0
// The file that holds a node's secrets: TOML, its owner's alone. Written whole or not at all: a temporary file, fsync,
// rename. installer/secrets.toml is a commented example.
#pragma once

#include "core/agent/SecretLists.h"

#include <string>
#include <string_view>
#include <vector>

namespace fb::agent {

/// `file` is only its name for messages.
[[nodiscard]] Result<SecretLists, std::vector<Error>> parseSecrets(std::string_view text, const std::string& file);
[[nodiscard]] Secret formatSecrets(const SecretLists& lists);

/// No secrets if there is no such file. Fails with NotPermitted if anybody but its owner may read it, or if its owner
/// is neither root nor the user this runs as.
[[nodiscard]] Result<SecretLists, std::vector<Error>> readSecrets(const std::string& file);
/// Fails with SystemError; the old file is then as it was.
[[nodiscard]] Result<void, Error> writeSecrets(const std::string& file, const SecretLists& lists);

} // namespace fb::agent
