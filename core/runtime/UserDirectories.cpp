// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/UserDirectories.h"

#include <cstdlib>

namespace fb::runtime {

std::string userConfigDirectory()
{
    const char* given = std::getenv("XDG_CONFIG_HOME");
    if (given != nullptr && *given == '/')
        return given;
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : "") + "/.config";
}

} // namespace fb::runtime
