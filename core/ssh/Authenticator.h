// SPDX-License-Identifier: Apache-2.0
// Proves to the far end who we are: the agent's keys, key files, then a password or the far end's own questions
// (RFC 4252, RFC 4256). It never waits: step() goes as far as it can and says what it needs.
#pragma once

#include "core/ssh/Libssh.h"
#include "core/ssh/Login.h"

#include <cstdint>
#include <optional>

namespace fb::ssh {

class Authenticator {
public:
    enum class Progress { WaitsForFarEnd, WaitsForAnswer, Done, Failed };
    enum class Agent { Absent, Present };

    /// The session must outlive this. Agent::Present: libssh has been given the agent's socket.
    Authenticator(ssh_session session, Login login, Agent agent);

    [[nodiscard]] Progress step();

    /// Valid after WaitsForAnswer.
    [[nodiscard]] const PasswordNeeded& question() const { return m_question; }
    void answer(Secret secret) { m_answer = std::move(secret); }

    /// Valid after Failed.
    [[nodiscard]] const Error& error() const { return m_error; }

    static constexpr std::uint32_t kAttemptsMax = 3; ///< wrong passwords; OpenSSH's client gives up there as well

private:
    enum class Method { None, AgentKeys, KeyFile, Password, Questions };

    /// Empty: go on with the method that is set now.
    using Turn = std::optional<Progress>;

    Turn tryMethod();
    Turn tryKeyFile();
    Turn tryPassword();
    Turn answerQuestions();
    Turn afterReply(int reply);
    Turn chooseNext();
    Turn choosePasswordMethod();
    Turn fail(Error error);
    [[nodiscard]] bool accepts(std::uint32_t method) const;
    /// The password that was given beforehand, once.
    [[nodiscard]] std::optional<Secret> takeKnownPassword();
    Progress ask(std::string_view prompt);

    ssh_session m_session;
    Login m_login;
    Agent m_agent;
    Method m_method = Method::None;
    std::size_t m_nextKeyFile = 0;
    KeyHandle m_key;   ///< being offered
    Secret m_password; ///< being tried
    bool m_passwordIsBeingTried = false;
    bool m_questionsAreOpen = false;
    unsigned int m_nextQuestion = 0;
    std::uint32_t m_rounds = 0; ///< of questions; a far end that asks for ever is left
    PasswordNeeded m_question;
    std::optional<Secret> m_answer;
    Error m_error;
};

} // namespace fb::ssh
