// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Login.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace fb::ssh {

Login defaultLogin(std::string user)
{
    constexpr std::array kNames{"id_ed25519", "id_ecdsa",
                                "id_rsa"}; // ssh(1) tries these; a hardware key needs the agent

    Login login;
    login.user = std::move(user);
    if (const char* socket = std::getenv("SSH_AUTH_SOCK"))
        login.agentSocket = socket;
    const char* home = std::getenv("HOME");
    for (const char* name : kNames) {
        if (home == nullptr)
            break;
        auto path = std::string(home) + "/.ssh/" + name;
        if (::access(path.c_str(), R_OK) == 0)
            login.keyFiles.push_back(std::move(path));
    }
    return login;
}

} // namespace fb::ssh
