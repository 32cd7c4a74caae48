// SPDX-License-Identifier: Apache-2.0
// Select Graphic Rendition (CSI ... m): from numbers to the colours and attributes of a cell, and back for the programs
// that ask which are set.
#pragma once

#include "core/terminal/Cell.h"
#include "core/terminal/Parameters.h"

#include <cstddef>
#include <string>

namespace fb::terminal {

/// Changes colours and attributes of `pen`; returns how many parameters meant nothing to us. Colours may come as
/// 38;5;n, 38;2;r;g;b, 38:5:n, 38:2:r:g:b and, as ISO 8613-6 has it, 38:2:colourspace:r:g:b.
std::size_t applySgr(const Parameters& parameters, Cell& pen);

/// The parameters that make a pen like this from a fresh one, beginning with 0: "0;1;31".
[[nodiscard]] std::string sgrOf(const Cell& pen);

} // namespace fb::terminal
