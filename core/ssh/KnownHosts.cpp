// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/KnownHosts.h"

#include "core/base/FileDescriptor.h"
#include "core/runtime/UserDirectories.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

namespace fb::ssh {
namespace {

constexpr int kLockTries = 100; // 10 ms each: who holds the lock writes one line
constexpr int kLockWaitMs = 10;

Error systemError(const std::string& path)
{
    return {.code = errno == EACCES || errno == EPERM ? ErrorCode::NotPermitted : ErrorCode::SystemError,
            .context = path,
            .systemErrno = errno};
}

Result<void, Error> makeDirectories(const std::filesystem::path& directory)
{
    std::filesystem::path made;
    for (const auto& part : directory) {
        made /= part;
        if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
            if (std::error_code ignored; !std::filesystem::is_directory(made, ignored))
                return failure(systemError(made.string()));
        }
    }
    return {};
}

/// The whole file from its beginning.
Result<std::string, Error> readAll(int file, const std::string& path)
{
    std::string text;
    std::array<char, 65536> piece{};
    for (;;) {
        const auto got = ::pread(file, piece.data(), piece.size(), static_cast<off_t>(text.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failure(systemError(path));
        if (got == 0)
            return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > KnownHosts::kFileBytesMax)
            return failure(Error{.code = ErrorCode::LimitReached, .context = path});
    }
}

Result<void, Error> lock(int file, const std::string& path)
{
    for (int turn = 0; turn < kLockTries; ++turn) {
        if (::flock(file, LOCK_EX | LOCK_NB) == 0)
            return {};
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failure(systemError(path));
        (void)::poll(nullptr, 0, kLockWaitMs);
    }
    return failure(Error{.code = ErrorCode::TimedOut, .context = path + " is locked"});
}

} // namespace

KnownHosts KnownHosts::ofThisUser()
{
    return KnownHosts(runtime::userConfigDirectory() + "/footbridge/known_hosts");
}

Result<std::vector<PinnedKey>, Error> KnownHosts::find(romon::RomonId device) const
{
    const FileDescriptor file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.isOpen() && errno == ENOENT)
        return std::vector<PinnedKey>{};
    if (!file.isOpen())
        return failure(systemError(m_path));
    const auto text = readAll(file.get(), m_path);
    if (!text)
        return failure(text.error());
    return pinnedKeysFor(device.toString(), *text);
}

Result<void, Error> KnownHosts::pin(romon::RomonId device, const HostKey& key) const
{
    if (auto made = makeDirectories(std::filesystem::path(m_path).parent_path()); !made.has_value())
        return made;
    const FileDescriptor file(::open(m_path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return failure(systemError(m_path));
    if (auto locked = lock(file.get(), m_path); !locked.has_value())
        return locked;
    const auto text = readAll(file.get(), m_path);
    if (!text)
        return failure(text.error());
    if (std::ranges::any_of(pinnedKeysFor(device.toString(), *text), [&](const PinnedKey& pinned) {
            return pinned.key == key && pinned.trust == PinnedKey::Trust::Pinned;
        }))
        return {};

    std::string line = text->empty() || text->back() == '\n' ? "" : "\n";
    line += device.toString() + ' ' + key.type + ' ' + key.base64 + '\n';
    const auto written = ::write(file.get(), line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size())) {
        const auto error = systemError(m_path);
        if (written > 0) // the disk is full: half a line must not stay
            (void)::ftruncate(file.get(), static_cast<off_t>(text->size()));
        return failure(error);
    }
    if (::fsync(file.get()) != 0)
        return failure(systemError(m_path));
    return {};
}

} // namespace fb::ssh
