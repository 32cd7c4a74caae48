// SPDX-License-Identifier: Apache-2.0
// Where secrets that a user gives come from: a terminal without echo, or the lines of standard input. Never argv.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <string>

namespace fb::cli {

class SecretInput {
public:
    virtual ~SecretInput() = default;
    /// Whether a person is asked, and may be asked again.
    [[nodiscard]] virtual bool isTerminal() const = 0;
    /// The next line, without its end. Fails with Cancelled when there is none left or the user interrupts.
    [[nodiscard]] virtual Result<Secret, Error> next(const std::string& prompt) = 0;
};

/// Standard input; a terminal shows the prompt and no echo, and is left as it was found.
class SystemSecretInput final : public SecretInput {
public:
    static constexpr std::size_t kLineBytesMax = 4096;

    SystemSecretInput(int input, int terminalOut, int interrupt)
        : m_input(input), m_terminalOut(terminalOut), m_interrupt(interrupt)
    {
    }

    [[nodiscard]] bool isTerminal() const override;
    [[nodiscard]] Result<Secret, Error> next(const std::string& prompt) override;

private:
    [[nodiscard]] Result<Secret, Error> readLine();

    int m_input;
    int m_terminalOut;
    int m_interrupt; ///< readable once the user wants to stop
};

} // namespace fb::cli
