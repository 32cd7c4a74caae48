// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Libssh.h"

namespace fb::ssh {

void initializeLibrary()
{
    // The library counts its own initializations without a guard; a local static is initialized once by the language.
    static const int initialized = ssh_init();
    (void)initialized;
}

Error stageError(ErrorCode code, Stage stage, std::string_view detail)
{
    std::string context(nameOf(stage));
    if (!detail.empty())
        context.append(": ").append(detail);
    return {.code = code, .context = std::move(context)};
}

Error libraryError(ssh_session session, Stage stage)
{
    // libssh tells kinds of failure apart by its English text alone (0.10).
    const auto text = plainText(ssh_get_error(session));
    ErrorCode code = ErrorCode::ConnectionReset;
    if (text.find("no match for method") != std::string::npos || text.find("Protocol mismatch") != std::string::npos ||
        text.find("banner") != std::string::npos)
        code = ErrorCode::ProtocolMismatch;
    if (text.find("Too many authentication failures") != std::string::npos)
        code = ErrorCode::AuthenticationFailed;
    return stageError(code, stage, text.empty() ? "the far end closed the connection" : text);
}

std::string plainText(std::string_view text)
{
    constexpr std::size_t kTextBytesMax = 200;
    std::string plain;
    for (const char letter : text.substr(0, kTextBytesMax)) {
        if (static_cast<unsigned char>(letter) >= 0x20 && letter != 0x7f)
            plain.push_back(letter);
    }
    return plain;
}

} // namespace fb::ssh
