// SPDX-License-Identifier: Apache-2.0
#include "tests/support/NetnsFixture.h"

#include "core/link/CarriedFrames.h"
#include "core/link/NetlinkMonitor.h"
#include "core/runtime/SystemClock.h"

#include <QFile>
#include <QProcess>

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace fb::test {

namespace {

bool writeFile(const QString& path, const QString& text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) == text.toUtf8().size();
}

// In a user namespace of our own we are its root, which is enough for everything inside a network of our own.
bool mapOnlyUs(uid_t user, gid_t group)
{
    return writeFile(QStringLiteral("/proc/self/setgroups"), QStringLiteral("deny")) &&
           writeFile(QStringLiteral("/proc/self/uid_map"), QStringLiteral("0 %1 1").arg(user)) &&
           writeFile(QStringLiteral("/proc/self/gid_map"), QStringLiteral("0 %1 1").arg(group));
}

QString& reason()
{
    static QString text = QStringLiteral("this program does not start with FB_NETNS_MAIN");
    return text;
}

} // namespace

void enterNetns()
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    const int kinds = CLONE_NEWNET | (user == 0 ? 0 : CLONE_NEWUSER);
    if (::unshare(kinds) != 0)
        reason() = QStringLiteral("no network namespace without the right to make one: ") +
                   QString::fromLocal8Bit(std::strerror(errno));
    else if (user != 0 && !mapOnlyUs(user, group))
        reason() = QStringLiteral("no network namespace: the user namespace has no users");
    else
        reason().clear();
}

QString whyNoNetns()
{
    return reason();
}

bool ip(const QString& arguments)
{
    QProcess process;
    process.start(QStringLiteral("ip"), arguments.split(QLatin1Char(' ')));
    const bool isDone = process.waitForFinished() && process.exitCode() == 0;
    if (!isDone)
        qWarning("ip %s: %s", qPrintable(arguments), process.readAllStandardError().constData());
    return isDone;
}

MacAddress nearMac()
{
    return {{0x02, 0xfb, 0, 0, 0, 0x01}};
}

MacAddress farMac()
{
    return {{0x02, 0xfb, 0, 0, 0, 0x02}};
}

bool addCable(const QString& near, const QString& far)
{
    return ip(QStringLiteral("link add %1 address %2 type veth peer name %3 address %4")
                  .arg(near, QString::fromStdString(nearMac().toString()), far,
                       QString::fromStdString(farMac().toString()))) &&
           ip(QStringLiteral("link set %1 up").arg(near)) && ip(QStringLiteral("link set %1 up").arg(far)) &&
           waitUp(near) && waitUp(far);
}

bool waitReadable(int descriptor)
{
    runtime::Poller poller;
    poller.add(descriptor, 0, runtime::Interest::Read);
    return !poller.wait(runtime::now() + kPatience).empty();
}

bool waitUntil(int descriptor, const std::function<bool()>& isSo)
{
    runtime::Poller poller;
    poller.add(descriptor, 0, runtime::Interest::Read);
    const Instant deadline = runtime::now() + kPatience;
    while (!isSo()) {
        if (poller.wait(deadline).empty() || runtime::now() > deadline)
            return isSo();
    }
    return true;
}

ByteVector nextFrame(link::Link& link)
{
    ByteVector kept;
    const bool hasCome = waitUntil(link.pollDescriptor(), [&] {
        Bytes frame;
        if (link.receive(frame) != link::ReceiveOutcome::Frame)
            return false;
        kept.assign(frame.begin(), frame.end());
        return true;
    });
    return hasCome ? kept : ByteVector();
}

bool waitUp(const QString& interface)
{
    const auto monitor = link::NetlinkMonitor::create();
    if (!monitor)
        return false;
    return waitUntil((*monitor)->pollDescriptor(), [&] {
        const auto& all = (*monitor)->refresh();
        return std::ranges::any_of(
            all, [&](const link::Interface& one) { return one.name == interface.toStdString() && one.isUp; });
    });
}

ByteVector makeFrame(const FrameShape& shape)
{
    ByteVector frame;
    wire::encodeEthernet(
        {.destination = shape.destination, .source = shape.source, .etherType = link::kCarriedEtherType}, frame);
    while (frame.size() < shape.bytes)
        frame.push_back(static_cast<std::uint8_t>(frame.size()));
    return frame;
}

} // namespace fb::test
