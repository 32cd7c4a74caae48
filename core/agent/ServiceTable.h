// SPDX-License-Identifier: Apache-2.0
// Which program of this machine answers on which data port. A test puts its own programs in.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fb::agent {

/// Started once a stream, with the stream as its standard input and output.
struct ServiceProgram {
    std::string name;              ///< for logs
    std::vector<std::string> argv; ///< the program first, as an absolute path
    std::vector<std::string> environment;
    std::string privateDirectory; ///< made, owned by us and mode 0755, before the program starts; empty: none
    std::size_t sessionsMax = 64; ///< a further stream is refused
};

/// By data port.
using ServiceTable = std::map<std::uint16_t, ServiceProgram>;

} // namespace fb::agent
