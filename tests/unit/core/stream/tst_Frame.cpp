// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Frame.h"

#include <QTest>

using namespace fb::stream;

class FrameTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headerIsTenBytesWithAZeroFlag()
    {
        const auto bytes = encodeHeader({FrameType::Accept, 0xaaa636f0, 0x1aa316a9}, 0);
        QCOMPARE(bytes, (fb::ByteVector{1, 0, 0xaa, 0xa6, 0x36, 0xf0, 0x1a, 0xa3, 0x16, 0xa9}));
    }

    void decodesWhatItEncodes()
    {
        for (const FrameType type :
             {FrameType::Connect, FrameType::Accept, FrameType::Data, FrameType::Ack, FrameType::Close}) {
            const Header header{type, 0x01020304, 0xfffffffe};
            const auto bytes = encodeHeader(header, 0);
            const auto frame = decodeFrame(bytes);
            QVERIFY(frame.has_value());
            QVERIFY(frame->header == header);
            QVERIFY(frame->body.empty());
        }
    }

    void anyFlagByteIsRead()
    {
        auto bytes = encodeHeader({FrameType::Data, 1, 2}, 0);
        bytes[1] = 0xc3;
        QVERIFY(decodeFrame(bytes).has_value());
    }

    void refusesShortFramesAndUnknownTypes()
    {
        auto bytes = encodeHeader({FrameType::Data, 1, 2}, 0);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            QVERIFY(decodeFrame(fb::Bytes(bytes).first(size)).error() == FrameError::Truncated);
        bytes[0] = 5;
        QVERIFY(decodeFrame(bytes).error() == FrameError::UnknownType);
    }

    void optionsSurviveTheRoundAndSkipTheUnknown()
    {
        const Options options{.version = 1, .windowBytes = 0x00100000};
        fb::ByteVector body{77, 3, 1, 2, 3};
        appendOptions(body, options);
        const auto decoded = decodeOptions(body);
        QVERIFY(decoded.has_value());
        QVERIFY(*decoded == options);
        const Options connect{.version = 2, .windowBytes = 1, .payloadBytes = 1422};
        body.clear();
        appendOptions(body, connect);
        QVERIFY(decodeOptions(body) == connect);
        QCOMPARE(fb::Bytes(body).last(4)[1], std::uint8_t{2}); // type 3, two bytes
    }

    void refusesOptionsThatLie()
    {
        fb::ByteVector body;
        appendOptions(body, {.version = 1, .windowBytes = 9});
        for (std::size_t size = 0; size < body.size(); ++size)
            QVERIFY(!decodeOptions(fb::Bytes(body).first(size)).has_value());
        QVERIFY(!decodeOptions(fb::ByteVector{2, 4, 0, 0, 0, 9}).has_value());                   // no version
        QVERIFY(!decodeOptions(fb::ByteVector{1, 1, 0, 2, 4, 0, 0, 0, 9}).has_value());          // version zero
        QVERIFY(!decodeOptions(fb::ByteVector{1, 1, 1, 2, 3, 0, 0, 9}).has_value());             // window too short
        QVERIFY(!decodeOptions(fb::ByteVector{1, 1, 1, 2, 5, 0, 0, 0, 0, 9}).has_value());       // window too long
        QVERIFY(!decodeOptions(fb::ByteVector{1, 1, 1, 2, 4, 0, 0, 0, 9, 1}).has_value());       // half a TLV behind
        QVERIFY(!decodeOptions(fb::ByteVector{1, 1, 1, 2, 4, 0, 0, 0, 9, 3, 1, 5}).has_value()); // payload too short
    }

    void ackBodySurvivesTheRound()
    {
        const AckBody ack{.windowBytes = 5000, .ranges = {{10, 20}, {0xfffffff0, 4}}};
        fb::ByteVector body;
        appendAckBody(body, ack);
        QCOMPARE(body.size(), std::size_t{20});
        const auto decoded = decodeAckBody(body);
        QVERIFY(decoded.has_value());
        QVERIFY(*decoded == ack);
    }

    void refusesAckBodiesThatLie()
    {
        fb::ByteVector body;
        appendAckBody(body, {.windowBytes = 1, .ranges = {{1, 2}}});
        for (const std::size_t size : {0U, 3U, 5U, 11U})
            QVERIFY(!decodeAckBody(fb::Bytes(body).first(size)).has_value());
        AckBody longest{.windowBytes = 1, .ranges = std::vector<WireRange>(kAckRangesMax, WireRange{1, 2})};
        body.clear();
        appendAckBody(body, longest);
        QVERIFY(decodeAckBody(body).has_value());
        longest.ranges.push_back({1, 2});
        body.clear();
        appendAckBody(body, longest);
        QVERIFY(!decodeAckBody(body).has_value());
        body.clear();
        appendAckBody(body, {.windowBytes = 1, .ranges = {{7, 7}}});
        QVERIFY(!decodeAckBody(body).has_value());
    }
};

QTEST_GUILESS_MAIN(FrameTest)
#include "tst_Frame.moc"
