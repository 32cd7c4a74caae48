// SPDX-License-Identifier: Apache-2.0
// Every frame that a session leaves on the lab's cables is as docs/wire-format.md says: exact lengths, zero in every
// reserved byte, no tag that is not described there. The parser here is the test's own and knows nothing of the
// product's.
#include "tests/support/LabTest.h"

#include <QFile>
#include <QProcess>
#include <QtEndian>

#include <pcap/pcap.h>

#include <array>

class LabWire : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void leavesOnlyDescribedBytesOnTheWire();

private:
    static QString faultOf(const QByteArray& frame);
    static QString faultOfTags(const QByteArray& tags);
};

namespace {

constexpr qsizetype kEthernet = 14;
constexpr qsizetype kAuthAt = kEthernet + 4;
constexpr qsizetype kAuthBytes = 24;
constexpr qsizetype kHopsAt = kEthernet + 40;
constexpr qsizetype kHopBytes = 10;

bool isZero(const QByteArray& bytes)
{
    return bytes.count('\0') == bytes.size();
}

} // namespace

void LabWire::leavesOnlyDescribedBytesOnTheWire()
{
    const QString recording = lab().directory() + QStringLiteral("/wire.pcap");
    const auto recorder =
        lab().start(QStringLiteral("gate"), {QStringLiteral("recorder"), QStringLiteral("to-desk"), recording});
    QVERIFY(recorder->waitForReadyRead(60'000));
    QVERIFY(recorder->readAllStandardOutput().contains("ready"));
    QVERIFY(!neighbor(QStringLiteral("barn")).isEmpty());
    const auto ran =
        lab().run(QStringLiteral("desk"), sshWithKey(QStringLiteral("barn"), {QStringLiteral("hostname")}));
    QVERIFY2(ran.exitCode == 0, ran.errors.constData());
    const auto pinged =
        lab().run(QStringLiteral("desk"), {QStringLiteral("footbridgectl"), QStringLiteral("ping"),
                                           QStringLiteral("hut"), QStringLiteral("--count"), QStringLiteral("1")});
    QCOMPARE(pinged.exitCode, 0);
    recorder->terminate();
    QVERIFY(recorder->waitForFinished(60'000));

    char problem[PCAP_ERRBUF_SIZE] = {};
    pcap_t* file = pcap_open_offline(QFile::encodeName(recording).constData(), problem);
    QVERIFY2(file != nullptr, problem);
    std::array<int, 6> seen{};
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    QStringList faults;
    while (pcap_next_ex(file, &header, &bytes) == 1) {
        const QByteArray frame(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(header->caplen));
        const QString fault = faultOf(frame);
        if (!fault.isEmpty())
            faults << fault + QStringLiteral(": ") + QString::fromLatin1(frame.toHex());
        else
            ++seen.at(static_cast<std::size_t>(frame.at(kEthernet)));
    }
    pcap_close(file);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    QVERIFY2(seen[1] > 0 && seen[2] > 0 && seen[3] > 10, "the recording holds questions, answers and data");
}

QString LabWire::faultOf(const QByteArray& frame)
{
    if (frame.size() < kHopsAt + 6)
        return QStringLiteral("too short for a header");
    const auto type = static_cast<quint8>(frame.at(kEthernet));
    if (type < 1 || type > 3)
        return QStringLiteral("a type that is not described");
    if (frame.at(kEthernet + 1) != 0)
        return QStringLiteral("the byte after the type is not zero");
    if (qFromBigEndian<quint16>(frame.constData() + kEthernet + 2) != frame.size())
        return QStringLiteral("a wrong length");
    if (!isZero(frame.mid(kAuthAt, kAuthBytes)))
        return QStringLiteral("an authentication field");
    const auto hops = static_cast<quint8>(frame.at(kHopsAt));
    const auto pointer = static_cast<quint8>(frame.at(kHopsAt + 1));
    const qsizetype reserved = type == 3 ? 4 : 6;
    if (!isZero(frame.mid(kHopsAt + 2, reserved)))
        return QStringLiteral("a reserved byte that is not zero");
    const qsizetype body = kHopsAt + 2 + reserved + hops * kHopBytes;
    if (pointer > hops || body > frame.size())
        return QStringLiteral("a hop list that does not fit");
    return type == 3 ? (frame.size() - body < 4 ? QStringLiteral("no data ports") : QString())
                     : faultOfTags(frame.mid(body));
}

QString LabWire::faultOfTags(const QByteArray& tags)
{
    qsizetype at = 0;
    while (at + 2 <= tags.size()) {
        const auto tag = static_cast<quint8>(tags.at(at));
        const auto length = static_cast<quint8>(tags.at(at + 1));
        if (tag != 1 && tag != 3 && tag != 4 && tag != 5)
            return QStringLiteral("tag %1 is not described").arg(tag);
        if ((tag == 1 && length != 34) || (tag == 4 && length != 4))
            return QStringLiteral("tag %1 with length %2").arg(tag).arg(length);
        at += 2 + length;
    }
    return at == tags.size() ? QString() : QStringLiteral("tags that do not end with the frame");
}

QTEST_GUILESS_MAIN(LabWire)
#include "tst_LabWire.moc"
