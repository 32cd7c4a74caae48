// SPDX-License-Identifier: Apache-2.0
#include "core/cli/CompleteNodes.h"

#include <ostream>

namespace fb::cli {

ExitCode runCompleteNodes(Context& context)
{
    const auto snapshot = context.talk.snapshot();
    if (!snapshot)
        return exitCodeFor(snapshot.error().code);
    for (const auto& node : (*snapshot)->nodes) {
        if (!node.identity.empty() && node.identity.find_first_of(" \t\\'\"`$&|;<>(){}*?[]#!~") == std::string::npos)
            context.console.out << node.identity << '\n';
        context.console.out << node.id.toString() << '\n';
    }
    context.console.out << std::flush;
    return ExitCode::Ok;
}

} // namespace fb::cli
