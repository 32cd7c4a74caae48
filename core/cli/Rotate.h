// SPDX-License-Identifier: Apache-2.0
// footbridgectl secrets rotate: walks the nodes through the three passes of a Rotation. Reaches each over the overlay
// with OpenSSH, proves after its change that it is still there, and lets it put the change back by itself otherwise.
#pragma once

#include "core/cli/Context.h"
#include "core/cli/NodeShell.h"
#include "core/cli/SecretInput.h"
#include "core/cli/Shell.h"

namespace fb::cli {

struct RotateParts {
    const Surroundings& surroundings;
    SecretInput& input;
    NodeShell& shell;
};

[[nodiscard]] ExitCode runRotate(Context& context, const RotateCommand& command, const RotateParts& parts);

} // namespace fb::cli
