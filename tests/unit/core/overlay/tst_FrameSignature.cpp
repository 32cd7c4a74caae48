// SPDX-License-Identifier: Apache-2.0
#include "core/base/SeededRandom.h"
#include "core/overlay/FrameSignature.h"
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QtTest>

using namespace fb;
using namespace fb::overlay;
using namespace std::chrono_literals;

namespace {

const SecretKey kKey{Secret("open sesame")};
const FrameNumber kNumber{.session = 0x01020304, .counter = 0xa0b0c0d0};
constexpr Instant kStart{10s};

ByteVector signedFrame()
{
    ByteVector frame = test::frameOf(test::mac(2), test::mac(1), test::questionOf(1));
    signFrame(frame, kKey, kNumber);
    return frame;
}

bool isGenuine(Bytes frame, const SecretKey& key = kKey)
{
    const auto ethernet = wire::decodeEthernet(frame);
    if (!ethernet)
        return false;
    const auto message = romon::decode(ethernet->payload);
    return message &&
           isSignedWith(key, {.destination = ethernet->header.destination, .source = ethernet->header.source},
                        romon::withoutPadding(ethernet->payload), romon::headerOf(*message).auth);
}

} // namespace

class tst_FrameSignature : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void verifiesWhatItSigned();
    void refusesAFlipOfAnyBit();
    void refusesAnotherKey();
    void looksAtNoPadding();
    void numbersFramesFromAnUnguessableStart();
    void startsAnewWhenCountersRunOut();
    void remembersRoughlyWhatItSentWhen();
};

void tst_FrameSignature::verifiesWhatItSigned()
{
    const ByteVector frame = signedFrame();
    QVERIFY(isGenuine(frame));
    // session and counter, big-endian, right behind type, reserved byte and length
    const ByteVector numbers(frame.begin() + 18, frame.begin() + 26);
    QVERIFY(numbers == (ByteVector{1, 2, 3, 4, 0xa0, 0xb0, 0xc0, 0xd0}));
    ByteVector cleared = frame;
    clearSignature(cleared);
    QVERIFY(cleared == test::frameOf(test::mac(2), test::mac(1), test::questionOf(1)));
}

void tst_FrameSignature::refusesAFlipOfAnyBit()
{
    const ByteVector frame = signedFrame();
    for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
        if (bit / 8 == 12 || bit / 8 == 13)
            continue; // another EtherType is no RoMON frame at all
        ByteVector damaged = frame;
        damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << (bit % 8)));
        QVERIFY(!isGenuine(damaged));
    }
}

void tst_FrameSignature::refusesAnotherKey()
{
    QVERIFY(!isGenuine(signedFrame(), SecretKey(Secret("open sesamE"))));
}

void tst_FrameSignature::looksAtNoPadding()
{
    ByteVector frame = signedFrame();
    frame.resize(frame.size() + 4);
    QVERIFY(isGenuine(frame));
}

void tst_FrameSignature::numbersFramesFromAnUnguessableStart()
{
    SeededRandom random(1);
    SendingSession first;
    SendingSession second;
    const auto a = first.next(random, kStart);
    const auto b = second.next(random, kStart);
    QVERIFY(a.session != 0 && b.session != 0 && a.session != b.session);
    QCOMPARE(a.counter, 0U);
    QVERIFY(first.next(random, kStart) == (FrameNumber{.session = a.session, .counter = 1}));
}

void tst_FrameSignature::startsAnewWhenCountersRunOut()
{
    SeededRandom random(1);
    SendingSession session(kNumber.session, std::numeric_limits<std::uint32_t>::max() - 1);
    QCOMPARE(session.next(random, kStart).session, kNumber.session);
    const auto wrapped = session.next(random, kStart);
    QVERIFY(wrapped.session != kNumber.session && wrapped.session != 0);
    QCOMPARE(wrapped.counter, 0U);
}

void tst_FrameSignature::remembersRoughlyWhatItSentWhen()
{
    SeededRandom random(1);
    SendingSession session;
    QCOMPARE(session.firstSentSince(kStart), 0U);
    std::vector<Instant> sentAt;
    for (Instant now = kStart; now < kStart + 10s; now += Duration(random.below(8000))) {
        (void)session.next(random, now);
        sentAt.push_back(now);
        const Instant since = now - Duration(random.below(600'000));
        const auto first = session.firstSentSince(since);
        // never a frame that is older than was asked for; too high by no more than one mark, while marks reach back
        QVERIFY(first == sentAt.size() || sentAt.at(first) >= since);
        if (since >= now - 60ms && first > 0)
            QVERIFY(sentAt.at(first - 1) < since + 9ms);
    }
    QCOMPARE(session.firstSentSince(kStart + 11s), static_cast<std::uint32_t>(sentAt.size()));
}

QTEST_GUILESS_MAIN(tst_FrameSignature)
#include "tst_FrameSignature.moc"
