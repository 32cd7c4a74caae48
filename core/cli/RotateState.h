// SPDX-License-Identifier: Apache-2.0
// The state file of a rotation that is going on: its owner's alone, written whole or not at all.
#pragma once

#include "core/cli/Rotation.h"

#include <optional>
#include <string>

namespace fb::cli {

class RotateState {
public:
    explicit RotateState(const std::string& stateDirectory) : m_file(stateDirectory + "/footbridge/rotation.json") {}

    [[nodiscard]] const std::string& file() const { return m_file; }
    /// None if no rotation is going on. Fails with SystemError or InvalidArgument.
    [[nodiscard]] Result<std::optional<Rotation>, Error> load() const;
    [[nodiscard]] Result<void, Error> save(const Rotation& rotation) const;
    void forget() const;

private:
    std::string m_file;
};

} // namespace fb::cli
