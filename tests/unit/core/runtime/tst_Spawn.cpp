// SPDX-License-Identifier: Apache-2.0
// What a child inherits of us, and what it does not.
#include "core/runtime/Spawn.h"

#include <QtTest>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

using namespace fb;
using runtime::Child;

namespace {

struct Run {
    std::string out;
    int exitCode = -1;
    pid_t pid = 0;
};

/// Runs a script to its end; `child` says all but the command line and the output.
Run run(const std::string& script, Child child = {})
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        qFatal("no pipe");
    const FileDescriptor read(ends[0]);
    FileDescriptor write(ends[1]);
    child.commandLine = {"sh", "-c", script};
    child.output = write.get();
    const auto spawned = runtime::spawn(child);
    if (!spawned)
        qFatal("%s", spawned.error().context.c_str());
    write.reset();
    Run result;
    result.pid = spawned->pid;
    std::array<char, 4096> piece{};
    for (ssize_t got = 0; (got = ::read(read.get(), piece.data(), piece.size())) > 0;)
        result.out.append(piece.data(), static_cast<std::size_t>(got));
    int status = 0;
    ::waitpid(spawned->pid, &status, 0);
    result.exitCode = runtime::exitCodeOf(status);
    return result;
}

Child apart()
{
    Child child;
    child.place = Child::Place::Apart;
    return child;
}

/// A mask of a process as the kernel shows it: bit number - 1.
quint64 signalsOf(const std::string& status, const char* name)
{
    for (const auto& line : QByteArray::fromStdString(status).split('\n')) {
        if (line.startsWith(name))
            return line.mid(QByteArray(name).size()).trimmed().toULongLong(nullptr, 16);
    }
    return ~quint64{0};
}

constexpr quint64 bitOf(int signal)
{
    return quint64{1} << static_cast<unsigned>(signal - 1);
}

/// Signals 1 to 31; the C library keeps the two after them for itself.
constexpr quint64 kStandard = (quint64{1} << 31U) - 1;

constexpr const char* kShowSignals = "grep '^Sig' /proc/self/status";

} // namespace

class tst_Spawn : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsHowAChildEnded()
    {
        QCOMPARE(run("exit 7").exitCode, 7);
        QCOMPARE(run("kill -KILL $$").exitCode, 128 + SIGKILL);
    }

    void theEndIsReadableOnceTheChildHasEnded()
    {
        std::array<int, 2> ends{};
        QCOMPARE(::pipe2(ends.data(), O_CLOEXEC), 0);
        const FileDescriptor read(ends[0]);
        FileDescriptor write(ends[1]);
        const auto child = runtime::spawn({.commandLine = {"cat"}, .environment = {}, .input = read.get()});
        QVERIFY(child.has_value());
        pollfd waited{child->end.get(), POLLIN, 0};
        QCOMPARE(::poll(&waited, 1, 0), 0);
        write.reset(); // the end of its input is the end of cat
        QCOMPARE(::poll(&waited, 1, 50'000), 1);
        QCOMPARE(::waitpid(child->pid, nullptr, 0), child->pid);
    }

    void saysWhichProgramThereIsNot()
    {
        const auto none = runtime::spawn({.commandLine = {"/nonexistent/program"}, .environment = {}});
        QVERIFY(!none.has_value());
        QCOMPARE(none.error().code, ErrorCode::SystemError);
        QCOMPARE(none.error().systemErrno, ENOENT);
        QVERIFY(QByteArray::fromStdString(none.error().context).contains("/nonexistent/program"));
    }

    void hasOurEnvironmentOrItsOwn()
    {
        qputenv("FOOTBRIDGE_TEST", "ours");
        QCOMPARE(run("echo $FOOTBRIDGE_TEST").out, std::string("ours\n"));
        Child child;
        child.environment = {"FOOTBRIDGE_TEST=its own"};
        QCOMPARE(run("echo $FOOTBRIDGE_TEST $HOME", child).out, std::string("its own\n"));
        qunsetenv("FOOTBRIDGE_TEST");
    }

    void nothingIsBlocked()
    {
        sigset_t blocked;
        sigset_t before;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGTERM);
        sigaddset(&blocked, SIGCHLD);
        pthread_sigmask(SIG_BLOCK, &blocked, &before);
        const auto here = run(kShowSignals);
        const auto there = run(kShowSignals, apart());
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        QCOMPARE(signalsOf(here.out, "SigBlk:"), quint64{0});
        QCOMPARE(signalsOf(there.out, "SigBlk:"), quint64{0});
    }

    // nohup has SIGHUP ignored for whatever it starts; SIGPIPE we ignore ourselves.
    void onlyWhatTheUserHadIgnoredStaysIgnored()
    {
        const auto pipe = std::signal(SIGPIPE, SIG_IGN);
        const auto hangUp = std::signal(SIGHUP, SIG_IGN);
        const auto here = signalsOf(run(kShowSignals).out, "SigIgn:");
        const auto there = signalsOf(run(kShowSignals, apart()).out, "SigIgn:");
        std::signal(SIGPIPE, pipe);
        std::signal(SIGHUP, hangUp);
        QVERIFY((here & bitOf(SIGHUP)) != 0);
        QVERIFY((here & bitOf(SIGPIPE)) == 0);
        QCOMPARE(there & kStandard, quint64{0});
    }

    void apartIsASessionOfItsOwn()
    {
        constexpr const char* kShowSession = "cut -d ' ' -f 6 /proc/$$/stat";
        QCOMPARE(run(kShowSession).out, std::to_string(::getsid(0)) + '\n');
        const auto there = run(kShowSession, apart());
        QCOMPARE(there.out, std::to_string(there.pid) + '\n');
    }

    void apartInheritsNoOtherDescriptor()
    {
        const int open = ::dup(STDERR_FILENO); // no close-on-exec
        QVERIFY(open > STDERR_FILENO);
        const auto script = "test -e /proc/$$/fd/" + std::to_string(open) + " && echo open; test -e /proc/$$/fd/2";
        const auto here = run(script);
        const auto there = run(script, apart());
        ::close(open);
        QCOMPARE(here.out, std::string("open\n"));
        QCOMPARE(there.out, std::string());
        QCOMPARE(there.exitCode, 0);
    }
};

QTEST_GUILESS_MAIN(tst_Spawn)
#include "tst_Spawn.moc"
