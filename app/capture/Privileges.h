// SPDX-License-Identifier: Apache-2.0
// The rights of footbridge-capture: as few as possible before it opens the interface, none at all afterwards. It may be
// started with the file capability cap_net_raw, set-user-id root, or by root; it ends up the same each time.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"

namespace fb::capture {

/// Becomes the user who started the program and keeps CAP_NET_RAW alone, if it was there. For the start of main().
[[nodiscard]] Result<void, Error> keepOnlyNetRaw();

/// Gives up every capability for good, whatever is executed later, and every system call that moving frames does not
/// need. A process that then asks for anything else is killed by the kernel.
[[nodiscard]] Result<void, Error> dropEverything();

} // namespace fb::capture
