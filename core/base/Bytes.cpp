// SPDX-License-Identifier: Apache-2.0
#include "core/base/Bytes.h"

namespace fb {

ByteVector bytesOf(std::string_view text)
{
    return {text.begin(), text.end()};
}

std::string textOf(Bytes bytes)
{
    return {bytes.begin(), bytes.end()};
}

} // namespace fb
