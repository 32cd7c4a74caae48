// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/PrivateFile.h"

#include "core/base/FileDescriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace fb::runtime {

namespace {

constexpr mode_t kOwnerOnly = 0600;

Error systemError(const std::string& what)
{
    return {ErrorCode::SystemError, what, errno};
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto done = ::write(descriptor, text.data(), text.size());
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

} // namespace

Result<void, Error> writePrivateFile(const std::string& file, std::string_view text)
{
    const std::string temporary = file + ".new";
    const auto parent = std::filesystem::path(file).parent_path();
    const auto folder = parent.empty() ? std::filesystem::path(".") : parent;
    std::error_code ignored; // opening says it better
    if (std::filesystem::create_directories(folder, ignored))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
    ::unlink(temporary.c_str()); // left over from a program that died while writing
    const FileDescriptor opened(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly));
    if (!opened.isOpen())
        return failure(systemError(temporary));
    const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.isOpen()) {
        const auto problem = systemError(folder.string());
        ::unlink(temporary.c_str());
        return failure(problem);
    }
    if (!writeAll(opened.get(), text) || ::fsync(opened.get()) != 0 || ::rename(temporary.c_str(), file.c_str()) != 0) {
        const auto problem = systemError(file);
        ::unlink(temporary.c_str());
        return failure(problem);
    }
    // The name has to reach the disk as well. Where that cannot be told to happen, it is written all the same: saying
    // that it failed would be the lie.
    (void)::fsync(directory.get());
    return {};
}

} // namespace fb::runtime
