// SPDX-License-Identifier: Apache-2.0
// From the clipboard to bytes. Pasted text must not be able to act as keys: control characters other than tab and line
// end are taken out, so nothing in it can close the bracket that tells the far end "this was pasted".
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Modes.h"

#include <cstddef>
#include <string_view>

namespace fb::terminal {

struct Paste {
    ByteVector bytes;             ///< for the far end; brackets included if mode 2004 is on
    int lines = 0;                ///< lines of text, 0 for none; a trailing line end does not start another
    bool endsWithLineEnd = false; ///< a shell without bracketed paste would run the last line at once
    std::size_t removed = 0;      ///< control characters taken out
};

/// Line ends become CR, as the Return key sends. C0, DEL and C1 (as UTF-8) are removed, bad UTF-8 is kept out too.
[[nodiscard]] Paste preparePaste(std::string_view utf8, const Modes& modes);

} // namespace fb::terminal
