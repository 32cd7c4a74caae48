// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/ProcessUsage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace fb::runtime {

namespace {

std::uint64_t residentBytes()
{
    std::ifstream statm("/proc/self/statm");
    std::uint64_t totalPages = 0;
    std::uint64_t residentPages = 0;
    if (!(statm >> totalPages >> residentPages))
        return 0;
    return residentPages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t openDescriptors()
{
    std::error_code problem;
    std::uint64_t count = 0;
    for (std::filesystem::directory_iterator at("/proc/self/fd", problem), end; !problem && at != end;
         at.increment(problem))
        ++count;
    return count == 0 ? 0 : count - 1; // the one that reads the folder
}

Duration fromTimeval(const timeval& time)
{
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

} // namespace

ProcessUsage processUsage()
{
    ProcessUsage usage;
    usage.residentBytes = residentBytes();
    usage.descriptors = openDescriptors();
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0)
        usage.processorTime = fromTimeval(used.ru_utime) + fromTimeval(used.ru_stime);
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
        usage.descriptorsMax = limit.rlim_cur;
    return usage;
}

} // namespace fb::runtime
