// SPDX-License-Identifier: Apache-2.0
#include "core/romon/Messages.h"

namespace fb::romon {

std::string Version::toString() const
{
    std::string text = std::to_string(major) + '.' + std::to_string(minor);
    if (kind != 'f')
        text += '?' + std::to_string(revision);
    else if (revision != 0)
        text += '.' + std::to_string(revision);
    return text;
}

const Header& headerOf(const Message& message)
{
    return std::visit([](const auto& typed) -> const Header& { return typed.header; }, message);
}

} // namespace fb::romon
