// SPDX-License-Identifier: Apache-2.0
// footbridgectl from parsed command line to exit code: gets an agent, runs the command.
#pragma once

#include "core/agent/Service.h"
#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/Connect.h"
#include "core/cli/Console.h"
#include "core/cli/Invocation.h"
#include "core/cli/NodeShell.h"
#include "core/cli/SecretInput.h"
#include "core/cli/Shell.h"
#include "core/cli/Waiter.h"

#include <memory>
#include <string>

namespace fb::cli {

/// Where services come from; the real ones, or a test's.
class ServiceSource {
public:
    virtual ~ServiceSource() = default;
    /// The agent behind a control socket. Fails with AgentUnavailable, NotPermitted or ProtocolMismatch.
    [[nodiscard]] virtual Result<std::unique_ptr<agent::Service>, Error> connect(const std::string& socket) = 0;
    /// A node of our own in this process, without ports. Fails with SystemError.
    [[nodiscard]] virtual Result<std::unique_ptr<agent::Service>, Error> makeOwn() = 0;
};

class Program {
public:
    struct Parts {
        ServiceSource& services;
        Waiter& waiter;
        Console& console;
        StandardStreams streams;
        Surroundings surroundings;
        SecretInput& secretInput;
        NodeShell& shell;
    };

    explicit Program(Parts parts) : m_parts(std::move(parts)) {}

    /// Does everything but run OpenSSH: a Session says how, once this has let go of the agent.
    [[nodiscard]] Handoff run(const Invocation& invocation);
    /// To be called when a Session's program has ended with kOpenSshFailed.
    void sessionFailed(const GlobalOptions& global, const Session& session);

private:
    struct Opened {
        std::unique_ptr<agent::Service> service;
        Context::Host host = Context::Host::Agent;
    };

    [[nodiscard]] Result<Opened, Error> open(const GlobalOptions& global);
    [[nodiscard]] Result<Opened, Error> openOwn(const GlobalOptions& global);

    Parts m_parts;
};

} // namespace fb::cli
