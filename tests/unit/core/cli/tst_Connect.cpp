// SPDX-License-Identifier: Apache-2.0
// footbridgectl connect: bytes both ways, half-closes, back-pressure, the descriptor handed over, children waited for.
#include "core/cli/ChildProgram.h"
#include "core/cli/Relay.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <future>

using namespace fb;

namespace {

struct Pair {
    Pair()
    {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            qFatal("no socket pair");
        near = FileDescriptor(ends[0]);
        far = FileDescriptor(ends[1]);
    }
    FileDescriptor near;
    FileDescriptor far;
};

std::string readAll(int descriptor)
{
    std::string all;
    char buffer[4096];
    for (;;) {
        const auto count = ::read(descriptor, buffer, sizeof buffer);
        if (count <= 0)
            return all;
        all.append(buffer, static_cast<std::size_t>(count));
    }
}

void writeAll(int descriptor, const std::string& text)
{
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::write(descriptor, text.data() + done, text.size() - done);
        if (count <= 0)
            return;
        done += static_cast<std::size_t>(count);
    }
}

/// Finds barn, and opens a stream whose local end is `socket`.
void useStream(test::CliHarness& cli, FileDescriptor& socket)
{
    cli.services.script = [&socket](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (std::holds_alternative<agent::OpenStream>(what))
            service.publish(request, agent::StreamOpened{std::move(socket), test::samplePathToBarn()});
    };
}

} // namespace

class tst_Connect : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void carriesBothWaysAndHalfCloses();
    void carriesMoreThanAnyBufferHolds();
    void deliversWhatCameBeforeTheEnd();
    void saysWhyTheStreamEnded();
    void stopsWhenInterrupted();
    void stopsWhenNobodyReads();
    void handsTheSocketOver();
    void refusesToHandOverItsOwnStream();
    void reportsARefusal();
    void runsAChild();
};

void tst_Connect::carriesBothWaysAndHalfCloses()
{
    Pair input;
    Pair output;
    Pair stream;
    test::CliHarness cli;
    useStream(cli, stream.near);
    cli.streams = {input.near.get(), output.near.release(), -1};
    // The far end answers only after it has read our end of file: the other direction must still be open then.
    auto far = std::async(std::launch::async, [&] {
        const auto asked = readAll(stream.far.get());
        writeAll(stream.far.get(), "answer to " + asked);
        stream.far.reset();
        const auto answered = readAll(output.far.get());
        cli.services.service->answer<agent::OpenStream>(agent::StreamEnded{});
        return answered;
    });
    writeAll(input.far.get(), "question");
    input.far.reset();
    const auto run = cli.run({"connect", "barn", "ssh"});
    QCOMPARE(far.get(), std::string("answer to question"));
    QCOMPARE(run.exitCode, 0);
    const auto open = std::get<agent::OpenStream>(cli.services.submitted.back());
    QVERIFY((open == agent::OpenStream{test::sampleId(test::kBarn), 3, agent::OpenStream::Lifetime::Request}));
}

void tst_Connect::carriesMoreThanAnyBufferHolds()
{
    Pair input;
    Pair output;
    Pair stream;
    const std::string much(3'000'000, 'x');
    auto writer = std::async(std::launch::async, [&] {
        writeAll(input.far.get(), much + "up");
        input.far.reset();
    });
    auto echo = std::async(std::launch::async, [&] {
        char buffer[10000];
        for (;;) {
            const auto count = ::read(stream.far.get(), buffer, sizeof buffer);
            if (count <= 0)
                break;
            writeAll(stream.far.get(), std::string(buffer, static_cast<std::size_t>(count)));
        }
        stream.far.reset();
    });
    runtime::WakeUp over;
    auto reader = std::async(std::launch::async, [&] {
        const auto all = readAll(output.far.get());
        over.raise();
        return all;
    });
    cli::Relay relay({input.near.get(), output.near.release(), std::move(stream.near)});
    relay.run(
        over.pollDescriptor(), [] { return cli::Relay::Watched::StreamIsOver; }, -1);
    QVERIFY(reader.get() == much + "up");
}

void tst_Connect::deliversWhatCameBeforeTheEnd()
{
    Pair input;
    Pair output;
    Pair stream;
    writeAll(stream.far.get(), "last words");
    stream.far.reset();
    runtime::WakeUp over;
    over.raise();
    cli::Relay relay({input.near.get(), output.near.release(), std::move(stream.near)});
    relay.run(
        over.pollDescriptor(), [] { return cli::Relay::Watched::StreamIsOver; }, -1);
    QCOMPARE(readAll(output.far.get()), std::string("last words"));
}

void tst_Connect::saysWhyTheStreamEnded()
{
    Pair input;
    Pair output;
    Pair stream;
    test::CliHarness cli;
    cli.services.script = [&](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (std::holds_alternative<agent::OpenStream>(what)) {
            service.publish(request, agent::StreamOpened{std::move(stream.near), test::samplePathToBarn()});
            service.publish(request, agent::StreamSilent{std::chrono::seconds(15), std::chrono::seconds(120)});
            service.publish(request, agent::StreamSilent{{}, std::chrono::seconds(120)});
            service.publish(request, agent::StreamEnded{Error{ErrorCode::PeerSilent, {}}});
        }
    };
    stream.far.reset();
    cli.streams = {input.near.get(), output.near.release(), -1};
    const auto run = cli.run({"connect", "barn", "3"});
    QCOMPARE(run.exitCode, 5);
    const auto said = QByteArray::fromStdString(run.messages);
    QVERIFY(said.contains("barn (02:00:00:00:00:03), service 3 has not answered for 15 s"));
    QVERIFY(said.contains("answers again"));
    QVERIFY(said.contains("service 3: the device has fallen silent"));
}

void tst_Connect::stopsWhenInterrupted()
{
    Pair input;
    Pair output;
    Pair stream;
    runtime::WakeUp interrupt;
    interrupt.raise();
    cli::Relay relay({input.near.get(), output.near.get(), std::move(stream.near)});
    relay.run(
        -1, [] { return cli::Relay::Watched::Nothing; }, interrupt.pollDescriptor());
    QVERIFY(true); // it returned although both ends are open
}

void tst_Connect::stopsWhenNobodyReads()
{
    Pair input;
    Pair output;
    Pair stream;
    output.far.reset();
    writeAll(stream.far.get(), "for nobody");
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    cli::Relay relay({input.near.get(), output.near.get(), std::move(stream.near)});
    relay.run(
        -1, [] { return cli::Relay::Watched::Nothing; }, -1);
    std::signal(SIGPIPE, before);
    QVERIFY(true); // it returned although the stream is open
}

void tst_Connect::handsTheSocketOver()
{
    Pair output;
    Pair stream;
    test::CliHarness cli;
    useStream(cli, stream.near);
    cli.streams = {-1, output.near.get(), -1};
    QCOMPARE(cli.run({"connect", "--fdpass", "barn", "ssh"}).exitCode, 0);
    QCOMPARE(std::get<agent::OpenStream>(cli.services.submitted.back()).lifetime, agent::OpenStream::Lifetime::Socket);

    char byte = 'x';
    iovec data{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    QCOMPARE(::recvmsg(output.far.get(), &message, 0), ssize_t{1});
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    QVERIFY(header != nullptr && header->cmsg_type == SCM_RIGHTS);
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof received);
    const FileDescriptor passed(received);
    writeAll(stream.far.get(), "SSH-2.0");
    stream.far.reset();
    QCOMPARE(readAll(passed.get()), std::string("SSH-2.0"));
}

void tst_Connect::refusesToHandOverItsOwnStream()
{
    test::CliHarness cli;
    cli.services.problem = Error{ErrorCode::AgentUnavailable, "socket"};
    cli.services.script = [](test::FakeService& service, agent::RequestId request, const agent::Command&) {
        service.publish(request, agent::CommandDone{});
    };
    QCOMPARE(cli.run({"--interface", "eth0", "connect", "--fdpass", "barn", "ssh"}).exitCode, 3);
}

void tst_Connect::reportsARefusal()
{
    test::CliHarness cli;
    cli.services.script = [](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else
            service.publish(request, agent::CommandFailed{{ErrorCode::NoSuchService, {}}});
    };
    const auto run = cli.run({"connect", "barn", "4"});
    QCOMPARE(run.exitCode, 5);
    QVERIFY(run.messages.starts_with(
        "footbridgectl: barn (02:00:00:00:00:03), service 4: the device does not offer that service"));
}

void tst_Connect::runsAChild()
{
    QCOMPARE(cli::runChild({"true"}).value(), 0);
    QCOMPARE(cli::runChild({"sh", "-c", "exit 7"}).value(), 7);
    QCOMPARE(cli::runChild({"sh", "-c", "kill -TERM $$"}).value(), 128 + SIGTERM);
    QCOMPARE(cli::runChild({"/nonexistent/ssh"}).error().code, ErrorCode::SystemError);
}

QTEST_GUILESS_MAIN(tst_Connect)
#include "tst_Connect.moc"
