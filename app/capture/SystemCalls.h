// SPDX-License-Identifier: Apache-2.0
// The system calls that footbridge-capture still needs once its interface is open (seccomp(2), filter mode).
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"

namespace fb::capture {

/// From here on every other system call kills the process. Needs PR_SET_NO_NEW_PRIVS. Does nothing in builds with a
/// sanitizer, which needs many more calls, and on processors whose numbers are not known here.
[[nodiscard]] Result<void, Error> allowOnlyFrameMoving();

} // namespace fb::capture
