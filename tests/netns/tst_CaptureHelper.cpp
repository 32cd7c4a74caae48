// SPDX-License-Identifier: Apache-2.0
// What footbridge-capture refuses, what it gives up, and what its client makes of a helper that misbehaves.
#include "core/link/CarriedFrames.h"
#include "core/link/HelperLink.h"
#include "core/link/PcapLink.h"
#include "tests/support/NetnsFixture.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <unistd.h>

#include <algorithm>
#include <csignal>

using namespace fb;
using namespace fb::link;
using namespace fb::test;

namespace {

struct Run {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

Run runHelper(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(FB_CAPTURE_HELPER), arguments);
    if (!process.waitForFinished())
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// The process ids of the helpers that this program has started.
QList<int> helpers()
{
    QFile file(QStringLiteral("/proc/self/task/%1/children").arg(::getpid()));
    QList<int> ids;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QByteArray& word : file.readAll().trimmed().split(' '))
            ids.append(word.toInt());
    }
    return ids;
}

ByteVector fromNear(std::size_t bytes = 60)
{
    return makeFrame({.destination = kCarriedGroup, .source = nearMac(), .bytes = bytes});
}

} // namespace

class CaptureHelper : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void explainsItself();
    void refusesToRunByHand();
    void givesUpEveryRight();
    void sendsNothingButOurFrames_data();
    void sendsNothingButOurFrames();
    void saysThatItIsNotPermitted();
    void takesTheLinkAlongWhenItDies();
    void leavesNoProcessBehind();
    void isNotTakenForAnotherProgram_data();
    void isNotTakenForAnotherProgram();
    void isNotWaitedForForEver();

private:
    [[nodiscard]] QString script(const QString& text);
    static std::unique_ptr<Link> open();

    QTemporaryDir m_directory;
};

void CaptureHelper::initTestCase()
{
    FB_ENTER_NETNS_OR_SKIP();
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
}

QString CaptureHelper::script(const QString& text)
{
    const QString path = m_directory.filePath(QStringLiteral("helper"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + text.toUtf8() + '\n') < 0)
        qFatal("cannot write the script");
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther);
    return path;
}

std::unique_ptr<Link> CaptureHelper::open()
{
    auto link = HelperLinkFactory(FB_CAPTURE_HELPER).open("near");
    if (!link)
        qFatal("%s", describe(link.error()).c_str());
    return std::move(*link);
}

void CaptureHelper::explainsItself()
{
    const Run help = runHelper({QStringLiteral("--help")});
    QCOMPARE(help.exitCode, 0);
    QVERIFY(help.output.contains("INTERFACE"));
    const Run version = runHelper({QStringLiteral("--version")});
    QCOMPARE(version.exitCode, 0);
    QVERIFY(version.output.startsWith("footbridge-capture "));
}

void CaptureHelper::refusesToRunByHand()
{
    const Run byHand = runHelper({QStringLiteral("near")});
    QCOMPARE(byHand.exitCode, 2);
    QVERIFY(byHand.errors.contains("descriptor 3"));
    QCOMPARE(runHelper({}).exitCode, 2);
    QCOMPARE(runHelper({QStringLiteral("near"), QStringLiteral("far")}).exitCode, 2);
    QCOMPARE(runHelper({QStringLiteral("--promiscuous")}).exitCode, 2);
}

void CaptureHelper::givesUpEveryRight()
{
    const auto link = open();
    QCOMPARE(link->send(fromNear()), SendOutcome::Sent);
    QCOMPARE(helpers().size(), 1);
    QFile file(QStringLiteral("/proc/%1/status").arg(helpers().front()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray status = file.readAll();
    for (const char* const set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
        QVERIFY2(status.contains(QByteArray(set) + ":\t0000000000000000\n"), set);
    QVERIFY(status.contains("NoNewPrivs:\t1\n"));
#if defined(FB_SECCOMP)
    QVERIFY(status.contains("Seccomp:\t2\n"));
#endif
}

void CaptureHelper::sendsNothingButOurFrames_data()
{
    QTest::addColumn<int>("at");
    QTest::newRow("another EtherType") << 13;
    QTest::newRow("another source address") << 11;
    QTest::newRow("a group as source address") << 6;
}

void CaptureHelper::sendsNothingButOurFrames()
{
    QFETCH(int, at);
    auto far = PcapLink::open("far");
    QVERIFY(far.has_value());
    const auto link = open();
    ByteVector wrong = fromNear();
    wrong[static_cast<std::size_t>(at)] ^= 1U;
    QCOMPARE(link->send(wrong), SendOutcome::Sent); // to the helper
    QCOMPARE(link->send(fromNear(61)), SendOutcome::Sent);
    QCOMPARE(nextFrame(**far), fromNear(61));
    QVERIFY(waitUntil(link->pollDescriptor(), [&] {
        Bytes frame;
        return link->receive(frame) == ReceiveOutcome::Empty && link->counters().sendsDropped == 1;
    }));
}

void CaptureHelper::saysThatItIsNotPermitted()
{
    const QString without = script(QStringLiteral("exec setpriv --bounding-set -all --inh-caps -all '%1' \"$@\"")
                                       .arg(QStringLiteral(FB_CAPTURE_HELPER)));
    const auto opened = HelperLinkFactory(without.toStdString()).open("near");
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::NotPermitted);
    QCOMPARE(opened.error().context, std::string("near"));
}

void CaptureHelper::takesTheLinkAlongWhenItDies()
{
    const auto link = open();
    QCOMPARE(helpers().size(), 1);
    QCOMPARE(::kill(helpers().front(), SIGKILL), 0);
    Bytes frame;
    QVERIFY(waitUntil(link->pollDescriptor(), [&] { return link->receive(frame) == ReceiveOutcome::LinkGone; }));
    QCOMPARE(link->send(fromNear()), SendOutcome::LinkGone);
}

void CaptureHelper::leavesNoProcessBehind()
{
    auto link = open();
    QCOMPARE(helpers().size(), 1);
    link.reset();
    QVERIFY(helpers().isEmpty() || helpers() == QList<int>{0});
}

void CaptureHelper::isNotTakenForAnotherProgram_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("ends without a word") << QStringLiteral("exit 0") << int(ErrorCode::ProtocolMismatch);
    QTest::newRow("says something else") << QStringLiteral("echo hello >&3") << int(ErrorCode::ProtocolMismatch);
}

void CaptureHelper::isNotTakenForAnotherProgram()
{
    QFETCH(QString, text);
    QFETCH(int, code);
    const auto opened = HelperLinkFactory(script(text).toStdString()).open("near");
    QVERIFY(!opened);
    QCOMPARE(int(opened.error().code), code);
    const auto missing = HelperLinkFactory(m_directory.filePath(QStringLiteral("none")).toStdString()).open("near");
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::SystemError);
    QCOMPARE(missing.error().systemErrno, ENOENT);
}

void CaptureHelper::isNotWaitedForForEver()
{
    const auto opened = HelperLinkFactory(script(QStringLiteral("read word <&3")).toStdString()).open("near");
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::TimedOut);
}

FB_NETNS_MAIN(CaptureHelper)
#include "tst_CaptureHelper.moc"
