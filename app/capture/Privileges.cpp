// SPDX-License-Identifier: Apache-2.0
#include "app/capture/Privileges.h"

#include "app/capture/SystemCalls.h"

#include <grp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace fb::capture {

namespace {

struct FreeCapabilities {
    void operator()(cap_t capabilities) const { cap_free(capabilities); }
};
using Capabilities = std::unique_ptr<std::remove_pointer_t<cap_t>, FreeCapabilities>;

Failure<Error> failed(const char* step)
{
    return failure(Error{.code = ErrorCode::SystemError, .context = step, .systemErrno = errno});
}

bool mayHave(cap_value_t capability)
{
    const Capabilities current(cap_get_proc());
    cap_flag_value_t isSet = CAP_CLEAR;
    return current && cap_get_flag(current.get(), capability, CAP_PERMITTED, &isSet) == 0 && isSet == CAP_SET;
}

Result<void, Error> becomeCaller()
{
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    if (::geteuid() == user && ::getegid() == group)
        return {};
    if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
        return failed("PR_SET_KEEPCAPS");
    if (mayHave(CAP_SETGID) && ::setgroups(0, nullptr) != 0)
        return failed("setgroups");
    if (::setresgid(group, group, group) != 0)
        return failed("setresgid");
    if (::setresuid(user, user, user) != 0)
        return failed("setresuid");
    return {};
}

Result<void, Error> setCapabilities(const Capabilities& wanted)
{
    if (!wanted || cap_set_proc(wanted.get()) != 0)
        return failed("capset");
    return {};
}

} // namespace

Result<void, Error> keepOnlyNetRaw()
{
    if (const auto done = becomeCaller(); !done)
        return done;
    Capabilities wanted(cap_init());
    if (wanted && mayHave(CAP_NET_RAW)) {
        const cap_value_t netRaw = CAP_NET_RAW;
        cap_set_flag(wanted.get(), CAP_PERMITTED, 1, &netRaw, CAP_SET);
        cap_set_flag(wanted.get(), CAP_EFFECTIVE, 1, &netRaw, CAP_SET);
    }
    return setCapabilities(wanted);
}

Result<void, Error> dropEverything()
{
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return failed("PR_SET_NO_NEW_PRIVS");
    if (const auto done = setCapabilities(Capabilities(cap_init())); !done)
        return done;
    return allowOnlyFrameMoving();
}

} // namespace fb::capture
