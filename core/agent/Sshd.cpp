// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Sshd.h"

namespace fb::agent {

ServiceProgram sshdProgram(const SshConfig& config)
{
    ServiceProgram program;
    program.name = "ssh";
    // -i: the connection is on standard input and output. sshd starts itself anew, so the path must be absolute.
    program.argv = {config.command, "-i"};
    if (!config.configFile.empty())
        program.argv.insert(program.argv.end(), {"-f", config.configFile});
    for (const auto& key : config.hostKeys)
        program.argv.insert(program.argv.end(), {"-h", key});
    for (const auto& option : config.options)
        program.argv.insert(program.argv.end(), {"-o", option});
    program.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};
    // Without it sshd refuses to start; the system makes it only when its own ssh service runs.
    program.privateDirectory = "/run/sshd";
    program.sessionsMax = config.sessionsMax;
    return program;
}

} // namespace fb::agent
