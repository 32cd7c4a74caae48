// SPDX-License-Identifier: Apache-2.0
// Where the agent tells its operator what happened. A program decides where the lines go; the room only writes them.
#pragma once

#include <functional>
#include <string>

namespace fb::agent {

/// Syslog's severities, as far as the agent needs them; the numbers are syslog's too.
enum class LogLevel { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

/// Called on the agent's thread, one line each, without a line end. Never called once per frame.
using LogSink = std::function<void(LogLevel level, const std::string& line)>;

} // namespace fb::agent
