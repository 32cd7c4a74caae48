// SPDX-License-Identifier: Apache-2.0
#include "core/cli/RotateState.h"

#include "core/base/FileDescriptor.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fb::cli {

namespace {

Error systemError(const std::string& file)
{
    return {ErrorCode::SystemError, file, errno};
}

} // namespace

Result<std::optional<Rotation>, Error> RotateState::load() const
{
    std::error_code problem;
    if (!std::filesystem::exists(m_file, problem))
        return std::optional<Rotation>();
    std::ifstream stream(m_file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        return failure(systemError(m_file));
    const auto json = agent::parseJson(text.str());
    auto rotation = json ? Rotation::fromJson(*json) : Result<Rotation, Error>(failure(json.error()));
    if (!rotation)
        return failure(Error{ErrorCode::InvalidArgument, m_file + ": " + rotation.error().context});
    return std::optional(std::move(rotation).value());
}

Result<void, Error> RotateState::save(const Rotation& rotation) const
{
    const auto folder = std::filesystem::path(m_file).parent_path();
    std::error_code problem;
    if (std::filesystem::create_directories(folder, problem))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
    const auto temporary = m_file + ".new";
    ::unlink(temporary.c_str());
    const FileDescriptor opened(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!opened.isOpen())
        return failure(systemError(temporary));
    const auto text = agent::dumpJson(rotation.toJson()) + '\n';
    if (::write(opened.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(opened.get()) != 0 || ::rename(temporary.c_str(), m_file.c_str()) != 0)
        return failure(systemError(m_file));
    return {};
}

void RotateState::forget() const
{
    ::unlink(m_file.c_str());
}

} // namespace fb::cli
