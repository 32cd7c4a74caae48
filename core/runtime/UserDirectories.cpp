// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/UserDirectories.h"

#include <cstdlib>

namespace fb::runtime {

namespace {

std::string directory(const char* variable, const char* below)
{
    const char* given = std::getenv(variable);
    if (given != nullptr && *given == '/')
        return given;
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : "") + below;
}

} // namespace

std::string userConfigDirectory()
{
    return directory("XDG_CONFIG_HOME", "/.config");
}

std::string userStateDirectory()
{
    return directory("XDG_STATE_HOME", "/.local/state");
}

} // namespace fb::runtime
