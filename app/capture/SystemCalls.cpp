// SPDX-License-Identifier: Apache-2.0
#include "app/capture/SystemCalls.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

namespace fb::capture {

#if defined(FB_SECCOMP) && (defined(__x86_64__) || defined(__aarch64__))

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

// clang-format off
constexpr std::array kAllowed{
    // frames
    __NR_recvfrom, __NR_sendto,
    // waiting
    __NR_epoll_create1, __NR_epoll_pwait2, __NR_epoll_ctl,
    // libpcap: an empty ring, its counters, and what became of the interface after an error
    __NR_ppoll, __NR_getsockopt, __NR_setsockopt, __NR_getsockname, __NR_ioctl,
#if defined(__NR_poll)
    __NR_poll,
#endif
    // complaints on stderr
    __NR_write, __NR_writev,
    // memory
    __NR_mmap, __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk,
    // the C library, and the end
    __NR_clock_gettime, __NR_futex, __NR_rt_sigreturn, __NR_restart_syscall, __NR_close, __NR_exit_group,
};
// clang-format on

sock_filter statement(std::uint16_t code, std::uint32_t value)
{
    return {.code = code, .jt = 0, .jf = 0, .k = value};
}

// Compares what was loaded; `skip` instructions are passed over if it differs.
sock_filter skipUnlessEqual(std::uint32_t value, std::uint8_t skip)
{
    return {.code = BPF_JMP | BPF_JEQ | BPF_K, .jt = 0, .jf = skip, .k = value};
}

std::vector<sock_filter> program()
{
    const auto load = [](std::size_t offset) {
        return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
    };
    std::vector<sock_filter> filter{
        load(offsetof(seccomp_data, arch)),
        skipUnlessEqual(kArchitecture, 1),
        load(offsetof(seccomp_data, nr)),
    };
    // With a foreign architecture the number was not loaded, and the architecture's own value matches no call.
    for (const auto call : kAllowed) {
        filter.push_back(skipUnlessEqual(static_cast<std::uint32_t>(call), 1));
        filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
    filter.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    return filter;
}

} // namespace

Result<void, Error> allowOnlyFrameMoving()
{
    std::vector<sock_filter> filter = program();
    const sock_fprog description{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &description, 0, 0) != 0)
        return failure(Error{.code = ErrorCode::SystemError, .context = "seccomp", .systemErrno = errno});
    return {};
}

#else

Result<void, Error> allowOnlyFrameMoving()
{
    return {};
}

#endif

} // namespace fb::capture
