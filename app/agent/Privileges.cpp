// SPDX-License-Identifier: Apache-2.0
#include "app/agent/Privileges.h"

#include <sys/capability.h>

#include <memory>
#include <type_traits>

bool dropPrivileges()
{
    const auto release = [](cap_t caps) { cap_free(caps); };
    using Caps = std::unique_ptr<std::remove_pointer_t<cap_t>, decltype(release)>;
    const Caps current(cap_get_proc(), release);
    const Caps wanted(cap_init(), release);
    if (!current || !wanted)
        return false;
    cap_flag_value_t has = CAP_CLEAR;
    const cap_value_t netRaw = CAP_NET_RAW;
    if (cap_get_flag(current.get(), netRaw, CAP_PERMITTED, &has) != 0)
        return false;
    for (const auto flag : {CAP_PERMITTED, CAP_EFFECTIVE})
        cap_set_flag(wanted.get(), flag, 1, &netRaw, has);
    return cap_set_proc(wanted.get()) == 0;
}
