// SPDX-License-Identifier: Apache-2.0
// A session with the real sshd: logging in, channels, host keys, ends.
#include "Sshd.h"
#include "core/base/Bytes.h"

#include <QFile>
#include <QTest>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <memory>

using namespace fb;
using namespace fb::test;
using fb::ssh::Session;

class tst_Session : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void runsACommandAndTellsItsExitStatus();
    void typesIntoAShellAndReadsItsScreen();
    void tellsTheProgramItsTerminalSize();
    void sendsTheEndOfInput();
    void carriesMegabytesUnchangedBothWays();
    void stopsReadingAChannelThatIsNotReleased();
    void runsManyChannelsAtOnce();
    void refusesChannelsOverTheLimit();
    void opensChannelsThatWereAskedForBeforeItWasReady();
    void closesAChannelOnRequest();
    void pinsAnAcceptedHostKeyAndDoesNotAskAgain();
    void endsWhenTheHostKeyIsRejected();
    void refusesAChangedHostKey();
    void asksForThePinnedKindOfHostKey();
    void tellsASignalledCommand();
    void endsWhenTheFarEndDies();
    void usesTheAgentsKeys();
    void asksForAPasswordAgainAndThenGivesUp();
    void failsIfNoMethodIsLeft();

private:
    [[nodiscard]] std::unique_ptr<Session> connect(const std::vector<std::string>& options = {});
    [[nodiscard]] std::unique_ptr<Session> connectAs(ssh::Login login, const std::vector<std::string>& options = {});

    const romon::RomonId m_device = *romon::RomonId::parse("48:a9:8a:00:00:07");
    std::unique_ptr<Sshd> m_sshd;
};

void tst_Session::init()
{
    m_sshd = std::make_unique<Sshd>();
    if (const auto problem = m_sshd->problem(); !problem.isEmpty()) {
        if (qEnvironmentVariable("FB_REQUIRE_NETNS") == QLatin1String("1"))
            QFAIL(qPrintable(problem));
        QSKIP(qPrintable(problem));
    }
}

std::unique_ptr<Session> tst_Session::connectAs(ssh::Login login, const std::vector<std::string>& options)
{
    return std::make_unique<Session>(m_device, m_sshd->start(options), std::move(login), m_sshd->knownHosts());
}

std::unique_ptr<Session> tst_Session::connect(const std::vector<std::string>& options)
{
    auto session = connectAs(m_sshd->keyLogin(), options);
    session->answerHostKey(ssh::HostKeyAnswer::Accept); // not asked yet: must change nothing
    Reader reader(*session);
    if (reader.next<ssh::HostKeyUnknown>())
        session->answerHostKey(ssh::HostKeyAnswer::Accept);
    return session;
}

void tst_Session::runsACommandAndTellsItsExitStatus()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openCommand("echo out; echo err >&2; exit 7");
    const auto closed = reader.next<ssh::ChannelClosed>();
    QVERIFY(closed);
    QCOMPARE(closed->channel, channel);
    QCOMPARE(closed->exitStatus, std::optional(7));
    QVERIFY(!closed->error);
    QCOMPARE(reader.output(channel), QByteArray("out\n"));
    QCOMPARE(reader.errorOutput(channel), QByteArray("err\n"));
    QCOMPARE(reader.stages().back(), ssh::Stage::Ready);
}

void tst_Session::typesIntoAShellAndReadsItsScreen()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openShell({.columns = 90, .rows = 30});
    QVERIFY(reader.next<ssh::ChannelOpened>());
    QVERIFY(session->write(channel, bytesOf("echo a$((40+2))b $TERM\n")).has_value());
    QVERIFY(reader.readUntil(channel, "a42b xterm-256color"));
    QVERIFY(session->write(channel, bytesOf("exit 3\n")).has_value());
    const auto closed = reader.next<ssh::ChannelClosed>();
    QVERIFY(closed);
    QCOMPARE(closed->exitStatus, std::optional(3));
}

void tst_Session::tellsTheProgramItsTerminalSize()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openShell({.columns = 90, .rows = 30});
    QVERIFY(session->write(channel, bytesOf("stty size\n")).has_value());
    QVERIFY(reader.readUntil(channel, "30 90"));
    session->resize(channel, {.columns = 101, .rows = 33});
    QVERIFY(session->write(channel, bytesOf("stty size\n")).has_value());
    QVERIFY(reader.readUntil(channel, "33 101"));
}

void tst_Session::sendsTheEndOfInput()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openCommand("cat; echo done");
    QVERIFY(session->write(channel, bytesOf("abc")).has_value());
    session->endInput(channel);
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(channel), QByteArray("abcdone\n"));
}

void tst_Session::carriesMegabytesUnchangedBothWays()
{
    ByteVector sent(6U << 20U);
    std::uint32_t seed = 1;
    for (auto& byte : sent)
        byte = static_cast<std::uint8_t>((seed = seed * 1664525U + 1013904223U) >> 24U);
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openCommand("cat");
    QVERIFY(session->write(channel, sent).has_value());
    // All or none: a second lump does not fit until the far end has taken some of the first.
    const auto refused = session->write(channel, sent);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::LimitReached);
    session->endInput(channel);
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(channel).size(), static_cast<qsizetype>(sent.size()));
    QVERIFY(textOf(sent) == reader.output(channel).toStdString());
}

void tst_Session::stopsReadingAChannelThatIsNotReleased()
{
    const auto session = connect();
    const auto flood = session->openCommand("head -c 50000000 /dev/zero");
    std::size_t received = 0;
    const auto takeUntilSilent = [&] {
        // The answer of a second channel shows that the session lives while the first one is held up.
        const auto probe = session->openCommand("true");
        for (;;) {
            const auto event = session->nextEvent();
            if (!event) {
                pollfd waiting{session->pollDescriptor(), POLLIN, 0};
                if (::poll(&waiting, 1, 20000) != 1)
                    return;
                continue;
            }
            if (const auto* data = std::get_if<ssh::ChannelData>(&*event))
                received += data->bytes.size();
            if (const auto* closed = std::get_if<ssh::ChannelClosed>(&*event); closed && closed->channel == probe)
                return;
            if (std::holds_alternative<ssh::Ended>(*event))
                return;
        }
    };
    // As many answers as it takes the flood to arrive on a slow machine, and two more in which it could go on.
    for (int answers = 0; answers < 1000 && received < Session::kUnreleasedBytesMax / 2; ++answers)
        takeUntilSilent();
    takeUntilSilent();
    takeUntilSilent();
    QVERIFY(received >= Session::kUnreleasedBytesMax / 2);
    QVERIFY(received <= Session::kUnreleasedBytesMax + (64U << 10U));
    const auto before = received;
    session->release(flood, received);
    Reader reader(*session);
    const auto closed = reader.next<ssh::ChannelClosed>();
    QVERIFY(closed);
    QCOMPARE(closed->channel, flood);
    QCOMPARE(before + static_cast<std::size_t>(reader.output(flood).size()), std::size_t{50000000});
}

void tst_Session::runsManyChannelsAtOnce()
{
    const auto session = connect({"MaxSessions=20"});
    Reader reader(*session);
    std::vector<ssh::ChannelId> channels;
    for (int index = 0; index < 10; ++index)
        channels.push_back(session->openCommand("read line; echo \"" + std::to_string(index) + " $line\""));
    for (const auto channel : channels)
        QVERIFY(session->write(channel, bytesOf("hello\n")).has_value());
    for (std::size_t count = 0; count < channels.size(); ++count)
        QVERIFY(reader.next<ssh::ChannelClosed>());
    for (std::size_t index = 0; index < channels.size(); ++index)
        QCOMPARE(reader.output(channels[index]), QByteArray::number(static_cast<int>(index)) + " hello\n");
}

void tst_Session::refusesChannelsOverTheLimit()
{
    const auto session = connect();
    Reader reader(*session);
    std::vector<ssh::ChannelId> channels;
    for (std::size_t index = 0; index <= Session::kChannelsMax; ++index)
        channels.push_back(session->openCommand("cat"));
    for (;;) {
        const auto closed = reader.next<ssh::ChannelClosed>();
        QVERIFY(closed);
        QVERIFY(closed->error); // sshd's own limit (MaxSessions) may speak first for others
        if (closed->error->code == ErrorCode::LimitReached) {
            QCOMPARE(closed->channel, channels.back());
            return;
        }
        QCOMPARE(closed->error->code, ErrorCode::NotPermitted);
    }
}

void tst_Session::opensChannelsThatWereAskedForBeforeItWasReady()
{
    const auto session = connectAs(m_sshd->keyLogin());
    Reader reader(*session);
    const auto channel = session->openCommand("cat");
    QVERIFY(session->write(channel, bytesOf("early")).has_value());
    session->endInput(channel);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(channel), QByteArray("early"));
}

void tst_Session::closesAChannelOnRequest()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openCommand("cat");
    QVERIFY(reader.next<ssh::ChannelOpened>());
    session->closeChannel(channel);
    const auto closed = reader.next<ssh::ChannelClosed>();
    QVERIFY(closed);
    QCOMPARE(closed->channel, channel);
    const auto refused = session->write(channel, bytesOf("x"));
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
    const auto second = session->openCommand("echo still here");
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(second), QByteArray("still here\n"));
}

void tst_Session::pinsAnAcceptedHostKeyAndDoesNotAskAgain()
{
    {
        const auto session = connectAs(m_sshd->keyLogin());
        Reader reader(*session);
        const auto unknown = reader.next<ssh::HostKeyUnknown>();
        QVERIFY(unknown);
        QCOMPARE(unknown->type, std::string("ssh-ed25519"));
        QVERIFY(unknown->fingerprint.starts_with("SHA256:"));
        session->answerHostKey(ssh::HostKeyAnswer::Accept);
        QVERIFY(reader.next<ssh::StageReached>());
    }
    const auto pinned = m_sshd->knownHosts().find(m_device);
    QVERIFY(pinned.has_value());
    QCOMPARE(pinned->size(), std::size_t{1});
    struct stat status = {};
    QCOMPARE(::stat(m_sshd->knownHosts().path().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);

    const auto session = connectAs(m_sshd->keyLogin());
    Reader reader(*session);
    QVERIFY(session->openCommand("true") > 0);
    for (;;) {
        const auto reached = reader.next<ssh::StageReached>();
        QVERIFY(reached); // a question would have waited for ever
        if (reached->stage == ssh::Stage::Ready)
            break;
    }
    const std::vector<ssh::Stage> all{ssh::Stage::KeyExchange, ssh::Stage::HostKey, ssh::Stage::Authentication,
                                      ssh::Stage::Ready};
    QVERIFY(reader.stages() == all);
}

void tst_Session::endsWhenTheHostKeyIsRejected()
{
    const auto session = connectAs(m_sshd->keyLogin());
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Reject);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::Cancelled));
    QVERIFY(m_sshd->knownHosts().find(m_device)->empty());
}

void tst_Session::refusesAChangedHostKey()
{
    QVERIFY(m_sshd->makeKey("ed25519", m_sshd->path("other")));
    const ssh::HostKey other{.type = "ssh-ed25519",
                             .base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    QVERIFY(m_sshd->knownHosts().pin(m_device, other).has_value());
    const auto session = connectAs(m_sshd->keyLogin());
    Reader reader(*session);
    const auto changed = reader.next<ssh::HostKeyChanged>();
    QVERIFY(changed);
    QCOMPARE(changed->expected, std::vector<std::string>{ssh::fingerprintOf(other)});
    QVERIFY(changed->received.starts_with("SHA256:") && changed->received != changed->expected.front());
    QCOMPARE(changed->file, m_sshd->knownHosts().path());
    QCOMPARE(changed->line, std::size_t{1});
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::HostKeyChanged));
    QCOMPARE(m_sshd->knownHosts().find(m_device)->size(), std::size_t{1});
}

void tst_Session::asksForThePinnedKindOfHostKey()
{
    const auto second = m_sshd->path("host_ecdsa");
    QVERIFY(m_sshd->makeKey("ecdsa", second));
    QFile file(QString::fromStdString(second + ".pub"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto words = file.readAll().split(' ');
    QVERIFY(m_sshd->knownHosts()
                .pin(m_device, {.type = words.at(0).toStdString(), .base64 = words.at(1).toStdString()})
                .has_value());
    const auto session = connectAs(m_sshd->keyLogin(), {"HostKey=" + second});
    Reader reader(*session);
    const auto channel = session->openCommand("echo in");
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(channel), QByteArray("in\n"));
}

void tst_Session::tellsASignalledCommand()
{
    const auto session = connect();
    Reader reader(*session);
    QVERIFY(session->openCommand("kill -TERM $$") > 0);
    const auto closed = reader.next<ssh::ChannelClosed>();
    QVERIFY(closed);
    QCOMPARE(closed->exitSignal, std::string("TERM"));
    QVERIFY(!closed->exitStatus);
}

void tst_Session::endsWhenTheFarEndDies()
{
    const auto session = connect();
    Reader reader(*session);
    const auto channel = session->openCommand("echo begun; exec cat");
    QVERIFY(reader.readUntil(channel, "begun"));
    m_sshd->kill();
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::ConnectionReset));
    QVERIFY(reader.error()->context.starts_with("ready"));
}

void tst_Session::usesTheAgentsKeys()
{
    const auto socket = m_sshd->path("agent");
    const pid_t agent = spawn({"ssh-agent", "-D", "-a", socket});
    QTRY_VERIFY(QFile::exists(QString::fromStdString(socket)));
    qputenv("SSH_AUTH_SOCK", QByteArray::fromStdString(socket));
    const bool added = succeeds(spawn({"ssh-add", "-q", m_sshd->path("user")}));
    qunsetenv("SSH_AUTH_SOCK");
    QVERIFY(added);
    auto login = m_sshd->keyLogin();
    login.keyFiles.clear();
    login.agentSocket = socket;
    const auto session = connectAs(std::move(login));
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    const auto channel = session->openCommand("echo in");
    QVERIFY(reader.next<ssh::ChannelClosed>());
    QCOMPARE(reader.output(channel), QByteArray("in\n"));
    QCOMPARE(::kill(agent, SIGTERM), 0);
    QCOMPARE(::waitpid(agent, nullptr, 0), agent);
}

void tst_Session::asksForAPasswordAgainAndThenGivesUp()
{
    ssh::Login login{.user = "root",
                     .password = Secret("wrong from the start"),
                     .keys = ssh::Login::Keys::Skip,
                     .keyFiles = {},
                     .agentSocket = {}};
    const auto session = connectAs(std::move(login), {"PermitRootLogin=yes", "PasswordAuthentication=yes"});
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    for (std::uint32_t attempt = 2; attempt <= 3; ++attempt) {
        const auto asked = reader.next<ssh::PasswordNeeded>();
        QVERIFY(asked);
        QCOMPARE(asked->attempt, attempt);
        QVERIFY(!asked->prompt.empty());
        session->answerPassword(Secret("also wrong, surely"));
    }
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::AuthenticationFailed));
    QVERIFY(reader.error()->context.find("wrong from") == std::string::npos);
}

void tst_Session::failsIfNoMethodIsLeft()
{
    auto login = m_sshd->keyLogin();
    login.keyFiles = {m_sshd->hostKey(), "/nonexistent"};
    const auto session = connectAs(std::move(login), {"PasswordAuthentication=no", "KbdInteractiveAuthentication=no"});
    Reader reader(*session);
    QVERIFY(reader.next<ssh::HostKeyUnknown>());
    session->answerHostKey(ssh::HostKeyAnswer::Accept);
    QCOMPARE(reader.errorAtEnd(), std::optional(ErrorCode::AuthenticationFailed));
    QVERIFY(reader.error()->context.find("publickey") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Session)
#include "tst_Session.moc"
