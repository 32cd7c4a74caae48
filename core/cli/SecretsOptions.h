// SPDX-License-Identifier: Apache-2.0
// The words after footbridgectl secrets. Only CommandLine.cpp uses it: CLI11 stays behind the two.
#pragma once

#include "core/cli/Invocation.h"

#include <CLI/CLI.hpp>

namespace fb::cli {

class SecretsOptions {
public:
    /// Must outlive the parsing.
    void addTo(CLI::App& app);
    /// What was parsed; for an app whose subcommand is "secrets".
    [[nodiscard]] AnyCommand command() const;

private:
    void addChange(CLI::App& secrets, const char* verb, const char* description, const char* example);
    void addRotate(CLI::App& secrets);

    SecretsCommand m_secrets;
    RotateCommand m_rotate;
    CLI::App* m_app = nullptr;
    bool m_empty = false;
    std::optional<double> m_confirmWithin;
    unsigned m_rotateConfirm = 60;
    std::string m_identity;
    std::vector<std::string> m_sshSettings;
    bool m_resume = false;
    bool m_abandon = false;
    bool m_dryRun = false;
};

} // namespace fb::cli
