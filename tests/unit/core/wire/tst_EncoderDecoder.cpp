// SPDX-License-Identifier: Apache-2.0
// Encoder and Decoder: big-endian, one description for both, and a decoder that never reads past its input.
#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

#include <QtTest>

#include <stdexcept>

using fb::Bytes;
using fb::ByteVector;
using fb::MacAddress;
using fb::wire::Decoder;
using fb::wire::Encoder;

namespace {

struct Sample {
    std::uint8_t one = 0;
    std::uint16_t two = 0;
    std::uint32_t four = 0;
    std::uint64_t eight = 0;
    MacAddress mac;

    friend bool operator==(const Sample&, const Sample&) = default;
};

template <class Codec, class Message>
void fields(Codec& codec, Message& sample)
{
    codec.integer(sample.one);
    codec.integer(sample.two);
    codec.integer(sample.four);
    codec.integer(sample.eight);
    codec.mac(sample.mac);
}

constexpr Sample kSample{.one = 0xa1,
                         .two = 0xb1b2,
                         .four = 0xc1c2c3c4,
                         .eight = 0xd1d2d3d4d5d6d7d8,
                         .mac = {{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}}};

const ByteVector kSampleBytes{0xa1, 0xb1, 0xb2, 0xc1, 0xc2, 0xc3, 0xc4, 0xd1, 0xd2, 0xd3, 0xd4,
                              0xd5, 0xd6, 0xd7, 0xd8, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55};

} // namespace

class EncoderDecoderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesBigEndian();
    void readsWhatWasWritten();
    void noticesEveryTruncation();
    void staysFailedAfterAShortRead();
    void handsOutViewsOfTheRest();
    void patchesALengthThatIsKnownLater();
    void appendsToWhatIsThere();
    void overwritesWhatIsThere();
};

void EncoderDecoderTest::writesBigEndian()
{
    ByteVector out;
    Encoder encoder(out);
    fields(encoder, kSample);
    QCOMPARE(out, kSampleBytes);
    QCOMPARE(encoder.size(), kSampleBytes.size());
}

void EncoderDecoderTest::readsWhatWasWritten()
{
    Decoder decoder(kSampleBytes);
    Sample sample;
    fields(decoder, sample);
    QVERIFY(decoder.ok());
    QCOMPARE(decoder.remaining(), 0U);
    QVERIFY(sample == kSample);
}

void EncoderDecoderTest::noticesEveryTruncation()
{
    for (std::size_t size = 0; size < kSampleBytes.size(); ++size) {
        const ByteVector exact(kSampleBytes.begin(), kSampleBytes.begin() + static_cast<std::ptrdiff_t>(size));
        Decoder decoder(exact);
        Sample sample;
        fields(decoder, sample);
        QVERIFY(!decoder.ok());
    }
}

void EncoderDecoderTest::staysFailedAfterAShortRead()
{
    const ByteVector in{1, 2, 3};
    Decoder decoder(in);
    std::uint32_t four = 77;
    decoder.integer(four);
    QVERIFY(!decoder.ok());
    QCOMPARE(four, 77U); // what could not be read is left alone
    std::uint8_t one = 88;
    decoder.integer(one);
    QCOMPARE(one, std::uint8_t{88});
    QVERIFY(decoder.take(1).empty());
    QVERIFY(decoder.take(0).empty());
    QVERIFY(!decoder.ok());
}

void EncoderDecoderTest::handsOutViewsOfTheRest()
{
    const ByteVector in{1, 2, 3, 4};
    Decoder decoder(in);
    const Bytes first = decoder.take(2);
    QCOMPARE(first.data(), in.data());
    QCOMPARE(first.size(), 2U);
    QCOMPARE(decoder.rest().data(), in.data() + 2);
    QCOMPARE(decoder.remaining(), 2U);
    QVERIFY(decoder.take(0).empty());
    QVERIFY(decoder.ok());
    QVERIFY(decoder.take(3).empty());
    QVERIFY(!decoder.ok());
}

void EncoderDecoderTest::patchesALengthThatIsKnownLater()
{
    ByteVector out;
    Encoder encoder(out);
    encoder.integer(std::uint16_t{0});
    encoder.zeros(3);
    encoder.bytes(ByteVector{7, 8});
    encoder.patch16(0, 0x0102);
    QCOMPARE(out, (ByteVector{1, 2, 0, 0, 0, 7, 8}));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, encoder.patch16(6, 0));
}

void EncoderDecoderTest::appendsToWhatIsThere()
{
    ByteVector out{9};
    Encoder encoder(out);
    encoder.integer(std::uint8_t{1});
    QCOMPARE(out, (ByteVector{9, 1}));
}

void EncoderDecoderTest::overwritesWhatIsThere()
{
    ByteVector bytes(kSampleBytes.size() + 2, 0xee);
    fb::wire::Overwriter overwriter(std::span<std::uint8_t>(bytes).subspan(1));
    fields(overwriter, kSample);
    QVERIFY(std::ranges::equal(Bytes(bytes).subspan(1, kSampleBytes.size()), kSampleBytes));
    QVERIFY(bytes.front() == 0xee && bytes.back() == 0xee);
}

QTEST_GUILESS_MAIN(EncoderDecoderTest)
#include "tst_EncoderDecoder.moc"
