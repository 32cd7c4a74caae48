// SPDX-License-Identifier: Apache-2.0
// Where a command writes: results, messages, and what is known of the terminal behind the results.
#pragma once

#include <cstddef>
#include <iosfwd>

namespace fb::cli {

struct Console {
    std::ostream& out;
    std::ostream& messages;
    enum class Kind { Terminal, File } outKind = Kind::File;
    std::size_t rows = 24; ///< of the terminal
    std::size_t columns = 80;
};

} // namespace fb::cli
