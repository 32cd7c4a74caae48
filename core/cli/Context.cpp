// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Context.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace fb::cli {

void printJson(Console& console, const agent::Json& json)
{
    console.out << agent::dumpJson(json) << std::endl;
}

ExitCode fail(Console& console, Format format, const Error& error, std::string_view subject)
{
    if (format == Format::Json)
        printJson(console, agent::Json{{"error", agent::toJson(error)}});
    console.messages << "footbridgectl: " << explain(error, subject) << std::endl;
    return exitCodeFor(error.code);
}

ExitCode fail(Context& context, const Error& error, std::string_view subject)
{
    return fail(context.console, context.global.format, error, subject);
}

} // namespace fb::cli
