// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Authenticator.h"

#include <array>
#include <utility>

namespace fb::ssh {
namespace {

constexpr std::uint32_t kRoundsMax = 16;
constexpr unsigned int kQuestionsMax = 16;

std::string methodNames(std::uint32_t methods)
{
    constexpr std::array<std::pair<std::uint32_t, const char*>, 4> kNames{
        {{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
         {SSH_AUTH_METHOD_PASSWORD, "password"},
         {SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
         {SSH_AUTH_METHOD_HOSTBASED, "hostbased"}}};
    std::string text;
    for (const auto& [method, name] : kNames) {
        if ((methods & method) != 0)
            text.append(text.empty() ? "" : ",").append(name);
    }
    return text;
}

} // namespace

Authenticator::Authenticator(ssh_session session, Login login, Agent agent)
    : m_session(session), m_login(std::move(login)), m_agent(agent)
{
}

Authenticator::Progress Authenticator::step()
{
    for (;;) {
        if (const auto turn = tryMethod())
            return *turn;
    }
}

Authenticator::Turn Authenticator::tryMethod()
{
    switch (m_method) {
    case Method::None: // asks which methods there are
        return afterReply(ssh_userauth_none(m_session, nullptr));
    case Method::AgentKeys:
        return afterReply(ssh_userauth_agent(m_session, nullptr));
    case Method::KeyFile:
        return tryKeyFile();
    case Method::Password:
        return tryPassword();
    case Method::Questions:
        return answerQuestions();
    }
    return fail(stageError(ErrorCode::AuthenticationFailed, Stage::Authentication, ""));
}

Authenticator::Turn Authenticator::tryKeyFile()
{
    if (!m_key) {
        if (m_nextKeyFile == m_login.keyFiles.size())
            return choosePasswordMethod();
        ssh_key key = nullptr;
        const auto& path = m_login.keyFiles[m_nextKeyFile++];
        if (ssh_pki_import_privkey_file(path.c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK)
            return std::nullopt; // unreadable, or wants a passphrase
        m_key.reset(key);
    }
    const int reply = ssh_userauth_publickey(m_session, nullptr, m_key.get());
    if (reply != SSH_AUTH_AGAIN)
        m_key.reset();
    return afterReply(reply);
}

Authenticator::Turn Authenticator::tryPassword()
{
    if (!m_passwordIsBeingTried) {
        auto password = m_answer ? std::exchange(m_answer, std::nullopt) : takeKnownPassword();
        if (!password)
            return ask("Password");
        m_password = std::move(*password);
        m_passwordIsBeingTried = true;
    }
    const int reply = ssh_userauth_password(m_session, nullptr, m_password.reveal().c_str());
    if (reply == SSH_AUTH_AGAIN)
        return Progress::WaitsForFarEnd;
    m_password.wipe();
    m_passwordIsBeingTried = false;
    return afterReply(reply);
}

Authenticator::Turn Authenticator::answerQuestions()
{
    if (!m_questionsAreOpen) {
        const int reply = ssh_userauth_kbdint(m_session, nullptr, nullptr);
        if (reply != SSH_AUTH_INFO)
            return afterReply(reply);
        if (++m_rounds > kRoundsMax)
            return fail(stageError(ErrorCode::LimitReached, Stage::Authentication, "too many questions"));
        m_questionsAreOpen = true;
        m_nextQuestion = 0;
    }
    const int count = ssh_userauth_kbdint_getnprompts(m_session);
    if (count < 0 || static_cast<unsigned int>(count) > kQuestionsMax)
        return fail(stageError(ErrorCode::LimitReached, Stage::Authentication, "too many questions"));
    for (; m_nextQuestion < static_cast<unsigned int>(count); ++m_nextQuestion) {
        char echo = 0;
        const char* prompt = ssh_userauth_kbdint_getprompt(m_session, m_nextQuestion, &echo);
        auto answer = std::exchange(m_answer, std::nullopt);
        if (!answer && echo == 0)
            answer = takeKnownPassword();
        if (!answer)
            return ask(prompt != nullptr ? prompt : "");
        if (ssh_userauth_kbdint_setanswer(m_session, m_nextQuestion, answer->reveal().c_str()) < 0)
            return fail(libraryError(m_session, Stage::Authentication));
    }
    m_questionsAreOpen = false;
    return std::nullopt; // the next call sends the answers
}

Authenticator::Turn Authenticator::afterReply(int reply)
{
    switch (reply) {
    case SSH_AUTH_AGAIN:
        return Progress::WaitsForFarEnd;
    case SSH_AUTH_SUCCESS:
        return Progress::Done;
    case SSH_AUTH_PARTIAL: // right, and the far end wants another proof
        return m_method == Method::Password || m_method == Method::Questions ? choosePasswordMethod() : chooseNext();
    case SSH_AUTH_DENIED:
        return chooseNext();
    default:
        return fail(libraryError(m_session, Stage::Authentication));
    }
}

Authenticator::Turn Authenticator::chooseNext()
{
    const bool useKeys = m_login.keys == Login::Keys::TryAgentAndFiles && accepts(SSH_AUTH_METHOD_PUBLICKEY);
    switch (m_method) {
    case Method::None:
        m_method = m_agent == Agent::Present ? Method::AgentKeys : Method::KeyFile;
        return useKeys ? std::nullopt : choosePasswordMethod();
    case Method::AgentKeys:
        m_method = Method::KeyFile;
        return useKeys ? std::nullopt : choosePasswordMethod();
    case Method::KeyFile:
        return useKeys ? std::nullopt : choosePasswordMethod();
    case Method::Password:
    case Method::Questions:
        if (++m_question.attempt > kAttemptsMax)
            return fail(stageError(ErrorCode::AuthenticationFailed, Stage::Authentication, "wrong user or password"));
        return choosePasswordMethod();
    }
    return std::nullopt;
}

Authenticator::Turn Authenticator::choosePasswordMethod()
{
    if (accepts(SSH_AUTH_METHOD_PASSWORD)) {
        m_method = Method::Password;
        return std::nullopt;
    }
    if (accepts(SSH_AUTH_METHOD_INTERACTIVE)) {
        m_method = Method::Questions;
        return std::nullopt;
    }
    const auto methods = static_cast<std::uint32_t>(ssh_userauth_list(m_session, nullptr));
    return fail(stageError(ErrorCode::AuthenticationFailed, Stage::Authentication,
                           "none of our keys is accepted, and the far end takes only " + methodNames(methods)));
}

Authenticator::Turn Authenticator::fail(Error error)
{
    m_error = std::move(error);
    return Progress::Failed;
}

bool Authenticator::accepts(std::uint32_t method) const
{
    return (static_cast<std::uint32_t>(ssh_userauth_list(m_session, nullptr)) & method) != 0;
}

std::optional<Secret> Authenticator::takeKnownPassword()
{
    if (m_login.password.empty())
        return std::nullopt;
    return std::exchange(m_login.password, Secret());
}

Authenticator::Progress Authenticator::ask(std::string_view prompt)
{
    m_question.prompt = plainText(prompt);
    if (m_question.prompt.empty())
        m_question.prompt = "Password";
    return Progress::WaitsForAnswer;
}

} // namespace fb::ssh
