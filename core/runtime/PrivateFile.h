// SPDX-License-Identifier: Apache-2.0
// Files that nobody but their owner may read, written whole or not at all.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"

#include <string>
#include <string_view>

namespace fb::runtime {

/// Replaces the file by one with this text and mode 0600; it is on the disk when this returns. A folder that is missing
/// is made, for its owner alone. Fails with SystemError, the context naming the file; what was there before is there
/// still.
[[nodiscard]] Result<void, Error> writePrivateFile(const std::string& file, std::string_view text);

} // namespace fb::runtime
