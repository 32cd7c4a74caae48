// SPDX-License-Identifier: Apache-2.0
// How a session ends early: cancelled in each of its stages, out of time in each of them, or with a far end that is no
// SSH server.
#include "Sshd.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <memory>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;
using fb::ssh::Session;

class tst_SessionEnds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cancelsWhileTheFarEndIsSilent();
    void timesOutWhileTheFarEndIsSilent();
    void endsWhenTheFarEndHangsUpAtOnce();
    void refusesAFarEndThatSpeaksSomethingElse_data();
    void refusesAFarEndThatSpeaksSomethingElse();
    void endsWhenDestroyedInTheMiddle();
    void cancelsWhileItAsksAboutTheHostKey();
    void timesOutWhileItAsksAboutTheHostKey();
    void noticesThatTheFarEndLeavesWhileItAsks();
    void cancelsWhileItWaitsForTheAgent();
    void cancelsWhileItAsksForThePassword();
    void timesOutWhileItAsksForThePassword();
    void cancelsWithOpenChannels();
    void closesTheSocketInEveryCase();
    void failsIfTheKeyCannotBePinned();

private:
    [[nodiscard]] bool sshdWorks(QString& problem);
    [[nodiscard]] std::unique_ptr<Session> connect(ssh::Login login, ssh::TimeLimits limits = {});

    const romon::RomonId m_device = *romon::RomonId::parse("48:a9:8a:00:00:07");
    Sshd m_sshd;
};

#define FB_NEED_SSHD                                                                                                   \
    if (QString problem; !sshdWorks(problem)) {                                                                        \
        if (qEnvironmentVariable("FB_REQUIRE_NETNS") == QLatin1String("1"))                                            \
            QFAIL(qPrintable(problem));                                                                                \
        QSKIP(qPrintable(problem));                                                                                    \
    }

namespace {

struct Pair {
    FileDescriptor ours;
    FileDescriptor theirs;
};

Pair socketPair()
{
    int ends[2] = {-1, -1};
    (void)::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

ssh::Login passwordLogin()
{
    return {.user = "root", .password = {}, .keys = ssh::Login::Keys::Skip, .keyFiles = {}, .agentSocket = {}};
}

/// Reads the other end of a connection to its end of file; false if it does not come.
bool isClosed(int socket)
{
    const timeval limit{20, 0};
    (void)::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    char buffer[4096];
    for (;;) {
        const auto got = ::recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0)
            return got == 0;
    }
}

} // namespace

bool tst_SessionEnds::sshdWorks(QString& problem)
{
    problem = m_sshd.problem();
    (void)QFile::remove(QString::fromStdString(m_sshd.knownHosts().path()));
    return problem.isEmpty();
}

std::unique_ptr<Session> tst_SessionEnds::connect(ssh::Login login, ssh::TimeLimits limits)
{
    return std::make_unique<Session>(m_device, m_sshd.start(), std::move(login), m_sshd.knownHosts(), limits);
}

void tst_SessionEnds::cancelsWhileTheFarEndIsSilent()
{
    auto sockets = socketPair();
    Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts());
    Reader reader(session);
    QVERIFY(reader.next<ssh::StageReached>());
    session.cancel();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QCOMPARE(reader.error()->context, std::string("key-exchange"));
    QVERIFY(isClosed(sockets.theirs.get()));
}

void tst_SessionEnds::timesOutWhileTheFarEndIsSilent()
{
    auto sockets = socketPair();
    ssh::TimeLimits limits;
    limits.keyExchange = 20ms;
    Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts(), limits);
    Reader reader(session);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::TimedOut));
    QCOMPARE(reader.error()->context, std::string("key-exchange"));
}

void tst_SessionEnds::endsWhenTheFarEndHangsUpAtOnce()
{
    auto sockets = socketPair();
    sockets.theirs.reset();
    Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts());
    Reader reader(session);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::ConnectionReset));
}

void tst_SessionEnds::refusesAFarEndThatSpeaksSomethingElse_data()
{
    // Lines before the version line are allowed (RFC 4253, 4.2); a far end that sends only such runs into the time
    // limit.
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("an old version") << QByteArray("SSH-1.5-old\r\n");
    QTest::newRow("an endless line") << QByteArray(5000, 'x');
}

void tst_SessionEnds::refusesAFarEndThatSpeaksSomethingElse()
{
    QFETCH(QByteArray, words);
    auto sockets = socketPair();
    QCOMPARE(::send(sockets.theirs.get(), words.data(), static_cast<std::size_t>(words.size()), 0), words.size());
    Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts());
    Reader reader(session);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::ProtocolMismatch));
}

void tst_SessionEnds::endsWhenDestroyedInTheMiddle()
{
    auto sockets = socketPair();
    {
        const Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts());
    }
    QVERIFY(isClosed(sockets.theirs.get()));
}

void tst_SessionEnds::cancelsWhileItAsksAboutTheHostKey()
{
    FB_NEED_SSHD
    const auto session = connect(passwordLogin());
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->cancel();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QCOMPARE(reader.error()->context, std::string("host-key"));
}

void tst_SessionEnds::timesOutWhileItAsksAboutTheHostKey()
{
    FB_NEED_SSHD
    ssh::TimeLimits limits;
    limits.hostKeyAnswer = 20ms;
    const auto session = connect(passwordLogin(), limits);
    Reader reader(*session);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::TimedOut));
    QCOMPARE(reader.error()->context, std::string("host-key"));
}

void tst_SessionEnds::noticesThatTheFarEndLeavesWhileItAsks()
{
    FB_NEED_SSHD
    const auto session = connect(passwordLogin());
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    m_sshd.kill();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::ConnectionReset));
    QVERIFY(reader.error()->context.starts_with("host-key"));
}

void tst_SessionEnds::cancelsWhileItWaitsForTheAgent()
{
    FB_NEED_SSHD
    // An agent that accepts and never answers, as one does that asks its user for each use of a key.
    const auto path = m_sshd.path("silent-agent");
    const FileDescriptor agent(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(path, address.sun_path);
    QCOMPARE(::bind(agent.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    QCOMPARE(::listen(agent.get(), 1), 0);
    auto login = m_sshd.keyLogin();
    login.agentSocket = path;
    const auto session = connect(std::move(login));
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    const FileDescriptor asked(::accept(agent.get(), nullptr, nullptr));
    char first = 0;
    QCOMPARE(::recv(asked.get(), &first, 1, 0), ssize_t{1}); // it has asked, and waits now
    session->cancel();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QCOMPARE(reader.error()->context, std::string("authentication"));
}

void tst_SessionEnds::cancelsWhileItAsksForThePassword()
{
    FB_NEED_SSHD
    const auto session = connect(passwordLogin());
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    const auto asked = reader.next<ssh::PasswordNeeded>();
    QVERIFY(asked);
    QCOMPARE(asked->attempt, 1U);
    session->cancel();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QCOMPARE(reader.error()->context, std::string("authentication"));
}

void tst_SessionEnds::timesOutWhileItAsksForThePassword()
{
    FB_NEED_SSHD
    ssh::TimeLimits limits;
    limits.passwordAnswer = 20ms;
    const auto session = connect(passwordLogin(), limits);
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::TimedOut));
    QCOMPARE(reader.error()->context, std::string("authentication"));
}

void tst_SessionEnds::cancelsWithOpenChannels()
{
    FB_NEED_SSHD
    const auto session = connect(m_sshd.keyLogin());
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    const auto channel = session->openCommand("echo begun; exec cat");
    QVERIFY(reader.readUntil(channel, "begun"));
    session->cancel();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QCOMPARE(reader.error()->context, std::string("ready"));
    QVERIFY(!session->write(channel, ByteVector(1)).has_value());
}

void tst_SessionEnds::closesTheSocketInEveryCase()
{
    FB_NEED_SSHD
    const auto descriptors = [] {
        return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
    };
    const auto before = descriptors();
    for (int round = 0; round < 3; ++round) {
        auto sockets = socketPair();
        const QByteArray words = round == 0 ? QByteArray() : QByteArray(5000, 'x');
        (void)::send(sockets.theirs.get(), words.data(), static_cast<std::size_t>(words.size()), 0);
        if (round == 2)
            sockets.theirs.reset();
        Session session(m_device, std::move(sockets.ours), passwordLogin(), m_sshd.knownHosts());
        if (round == 0)
            session.cancel();
        Reader reader(session);
        QVERIFY(reader.next<ssh::Ended>());
    }
    QCOMPARE(descriptors(), before);
}

void tst_SessionEnds::failsIfTheKeyCannotBePinned()
{
    FB_NEED_SSHD
    Session session(m_device, m_sshd.start(), passwordLogin(), ssh::KnownHosts("/proc/nowhere/known_hosts"));
    Reader reader(session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session.answerHostKey(ssh::HostKeyAnswer::Accept);
    QVERIFY(reader.errorAtEnd());
    QVERIFY(reader.error()->context.starts_with("host-key: /proc/nowhere"));
}

QTEST_GUILESS_MAIN(tst_SessionEnds)
#include "tst_SessionEnds.moc"
