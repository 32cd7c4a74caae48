// SPDX-License-Identifier: Apache-2.0
// Where the files of this program's user are (XDG Base Directory Specification), read from the environment.
#pragma once

#include <string>

namespace fb::runtime {

/// $XDG_CONFIG_HOME; ~/.config if that is not set or, as the specification asks, not absolute.
[[nodiscard]] std::string userConfigDirectory();

/// $XDG_STATE_HOME; ~/.local/state in the same way.
[[nodiscard]] std::string userStateDirectory();

} // namespace fb::runtime
