// SPDX-License-Identifier: Apache-2.0
// What the kernel says about one interface at this moment; needs no privilege.
#pragma once

#include "core/base/Error.h"
#include "core/base/MacAddress.h"
#include "core/base/Result.h"

#include <cstdint>
#include <string>

namespace fb::link {

struct InterfaceFacts {
    MacAddress mac;
    std::uint16_t mtu = 0; ///< payload bytes after the Ethernet header
};

/// Fails with NoSuchInterface, or InvalidArgument if it is not an Ethernet interface.
[[nodiscard]] Result<InterfaceFacts, Error> readInterfaceFacts(const std::string& interface);

} // namespace fb::link
