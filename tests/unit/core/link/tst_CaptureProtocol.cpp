// SPDX-License-Identifier: Apache-2.0
#include "core/link/CaptureProtocol.h"
#include "core/wire/Ethernet.h"

#include <QtTest>

#include <cerrno>

using namespace fb;
using namespace fb::link;

class CaptureProtocolTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysThatItIsOpen();
    void carriesEveryError();
    void refusesLinesThatMakeNoSense_data();
    void refusesLinesThatMakeNoSense();
    void carriesReports();
    void takesNothingElseForAReport();
};

void CaptureProtocolTest::saysThatItIsOpen()
{
    QCOMPARE(textOf(encodeCaptureStatus({})), std::string("ok"));
    QVERIFY(decodeCaptureStatus(encodeCaptureStatus({}), "eth0"));
}

void CaptureProtocolTest::carriesEveryError()
{
    for (int value = 0; value < static_cast<int>(ErrorCode::Count); ++value) {
        const Error error{.code = static_cast<ErrorCode>(value), .context = "eth0", .systemErrno = EPERM};
        const auto decoded = decodeCaptureStatus(encodeCaptureStatus(failure(error)), "eth0");
        QVERIFY(!decoded);
        QVERIFY(decoded.error() == error);
    }
}

void CaptureProtocolTest::refusesLinesThatMakeNoSense_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char* const line : {"", "o", "okay", "ok ", "OK", "failed", "failed ", "failed not-permitted",
                                   "failed not-permitted ", "failed not-permitted x", "failed not-permitted 1x",
                                   "failed no-such-code 1", "failed not-permitted 99999999999"})
        QTest::newRow(line) << QByteArray(line);
}

void CaptureProtocolTest::refusesLinesThatMakeNoSense()
{
    QFETCH(QByteArray, line);
    const auto decoded = decodeCaptureStatus(bytesOf(line.toStdString()), "eth0");
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, ErrorCode::ProtocolMismatch);
}

void CaptureProtocolTest::carriesReports()
{
    const CaptureReport report{.sendsDropped = 0x01020304, .receivesDropped = 0xfffffffe};
    const ByteVector packet = encodeCaptureReport(report);
    QCOMPARE(packet, (ByteVector{1, 2, 3, 4, 0xff, 0xff, 0xff, 0xfe}));
    const auto decoded = decodeCaptureReport(packet);
    QVERIFY(decoded.has_value());
    QVERIFY(*decoded == report);
}

void CaptureProtocolTest::takesNothingElseForAReport()
{
    static_assert(kCaptureReportBytes < wire::kEthernetHeaderBytes); // so that no frame can be one
    for (std::size_t size = 0; size < 20; ++size)
        QCOMPARE(decodeCaptureReport(ByteVector(size)).has_value(), size == kCaptureReportBytes);
}

QTEST_GUILESS_MAIN(CaptureProtocolTest)
#include "tst_CaptureProtocol.moc"
