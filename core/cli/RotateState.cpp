// SPDX-License-Identifier: Apache-2.0
#include "core/cli/RotateState.h"

#include "core/runtime/PrivateFile.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace fb::cli {

Result<std::optional<Rotation>, Error> RotateState::load() const
{
    std::error_code problem;
    if (!std::filesystem::exists(m_file, problem))
        return std::optional<Rotation>();
    std::ifstream stream(m_file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        return failure(Error{ErrorCode::SystemError, m_file, errno});
    const auto json = agent::parseJson(text.str());
    auto rotation = json ? Rotation::fromJson(*json) : Result<Rotation, Error>(failure(json.error()));
    if (!rotation)
        return failure(Error{ErrorCode::InvalidArgument, m_file + ": " + rotation.error().context});
    return std::optional(std::move(rotation).value());
}

Result<void, Error> RotateState::save(const Rotation& rotation) const
{
    return runtime::writePrivateFile(m_file, agent::dumpJson(rotation.toJson()) + '\n');
}

void RotateState::forget() const
{
    ::unlink(m_file.c_str());
}

} // namespace fb::cli
