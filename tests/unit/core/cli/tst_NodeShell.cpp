// SPDX-License-Identifier: Apache-2.0
// Programs that are run for their output: what goes in and comes out, and each way in which one is not waited for.
#include "core/cli/NodeShell.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace fb;
using namespace std::chrono_literals;

namespace {

constexpr int kNoInterrupt = -1;
constexpr Duration kLong = 5min; // no test waits for it unless something is broken

Result<cli::ShellRun, Error> run(const std::string& script, const char* input = "", Duration limit = kLong)
{
    cli::SystemNodeShell shell(kNoInterrupt);
    return shell.run({"sh", "-c", script}, Secret(input), limit);
}

} // namespace

class tst_NodeShell : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // As footbridgectl does: a program that never reads its input must not end the one that writes it.
    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }

    void handsInputOverAndOutputBack()
    {
        const auto done = run("read line; echo \"got $line\"; read more || echo end", "a secret\n");
        QVERIFY(done.has_value());
        QCOMPARE(done->out, std::string("got a secret\nend\n"));
        QCOMPARE(done->exitCode, 0);
    }

    void tellsHowItEnded()
    {
        QCOMPARE(run("exit 7")->exitCode, 7);
        QCOMPARE(run("kill -TERM $$")->exitCode, 128 + SIGTERM);
        QCOMPARE(run("echo partly; exit 255")->out, std::string("partly\n"));
    }

    void saysThatThereIsNoSuchProgram()
    {
        cli::SystemNodeShell shell(kNoInterrupt);
        const auto done = shell.run({"/nonexistent/ssh"}, Secret(), kLong);
        QVERIFY(!done.has_value());
        QCOMPARE(done.error().code, ErrorCode::SystemError);
        QCOMPARE(done.error().systemErrno, ENOENT);
        QVERIFY(QByteArray::fromStdString(done.error().context).contains("/nonexistent/ssh"));
    }

    void aProgramThatReadsNothingIsNoProblem() { QCOMPARE(run("exec true", "unread\n")->exitCode, 0); }

    void takesOutputUpToItsLimit()
    {
        const auto most = std::to_string(cli::SystemNodeShell::kOutputBytesMax);
        const auto whole = run("head -c " + most + " /dev/zero");
        QVERIFY(whole.has_value());
        QCOMPARE(whole->out.size(), cli::SystemNodeShell::kOutputBytesMax);
        const auto endless = run("exec cat /dev/zero");
        QVERIFY(!endless.has_value());
        QCOMPARE(endless.error().code, ErrorCode::LimitReached);
    }

    void givesUpAtTheLimitOfTime()
    {
        const auto slow = run("exec sleep 1000", "", 20ms);
        QVERIFY(!slow.has_value());
        QCOMPARE(slow.error().code, ErrorCode::TimedOut);
    }

    void closingTheOutputIsNotTheEnd()
    {
        const auto quiet = run("exec >&-; exec sleep 1000", "", 20ms);
        QVERIFY(!quiet.has_value());
        QCOMPARE(quiet.error().code, ErrorCode::TimedOut);
    }

    // The program itself says when it is ready to be interrupted, so nothing has to be waited for here.
    void anInterruptEndsEvenWhatIgnoresIt()
    {
        const QTemporaryDir folder;
        const std::string name = folder.filePath("interrupt").toStdString();
        QCOMPARE(::mkfifo(name.c_str(), 0600), 0);
        const int interrupt = ::open(name.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
        QVERIFY(interrupt >= 0);
        const auto pidFile = folder.filePath("pid");
        cli::SystemNodeShell shell(interrupt);
        const auto done = shell.run(
            {"sh", "-c", "trap '' TERM; echo $$ > " + pidFile.toStdString() + "; echo > " + name + "; exec sleep 1000"},
            Secret(), kLong);
        ::close(interrupt);
        QVERIFY(!done.has_value());
        QCOMPARE(done.error().code, ErrorCode::Cancelled);
        QFile pid(pidFile);
        QVERIFY(pid.open(QIODevice::ReadOnly));
        QCOMPARE(::kill(pid.readAll().trimmed().toInt(), 0), -1);
        QCOMPARE(errno, ESRCH);
    }
};

QTEST_GUILESS_MAIN(tst_NodeShell)
#include "tst_NodeShell.moc"
