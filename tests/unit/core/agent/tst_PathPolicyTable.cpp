// SPDX-License-Identifier: Apache-2.0
// Path policies: what several of them make for one session, what each names, and how many there may be.
#include "core/agent/PathPolicies.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

using namespace fb;
using agent::PathPolicies;
using agent::PolicyScope;

namespace {

const romon::RomonId kBarn = test::sampleId(test::kBarn);
const romon::RomonId kGate = test::sampleId(test::kGate);

overlay::PathPolicy avoiding(std::size_t nodes)
{
    overlay::PathPolicy policy;
    for (std::size_t at = 0; at < nodes; ++at)
        policy.avoidNodes.push_back(test::sampleId(static_cast<std::uint8_t>(at)));
    return policy;
}

overlay::PathPolicy pinned(std::vector<overlay::PortName> ports)
{
    overlay::PathPolicy policy;
    policy.pin = std::move(ports);
    return policy;
}

} // namespace

class tst_PathPolicyTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesNothingTwice()
    {
        PathPolicies policies;
        auto twice = avoiding(2);
        twice.avoidNodes.push_back(twice.avoidNodes.front());
        QVERIFY(policies.set({}, twice));
        QVERIFY(policies.all().front().policy == avoiding(2));
    }

    void takesAsManyNamesAsThereMayBe()
    {
        PathPolicies policies;
        QVERIFY(policies.set({}, avoiding(PathPolicies::kNamesMax)));
        const auto refused = policies.set({}, avoiding(PathPolicies::kNamesMax + 1));
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::LimitReached);
        QVERIFY(policies.all().front().policy == avoiding(PathPolicies::kNamesMax));
    }

    void takesAsManyPoliciesAsThereMayBe()
    {
        PathPolicies policies;
        const auto setFor = [&](std::size_t session) {
            return policies.set({.session = static_cast<stream::StreamId>(session), .node = std::nullopt}, avoiding(1));
        };
        for (std::size_t session = 1; session <= PathPolicies::kPoliciesMax; ++session)
            QVERIFY(setFor(session));
        const auto refused = setFor(PathPolicies::kPoliciesMax + 1);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::LimitReached);
        QVERIFY(setFor(1)); // replaces its own
        policies.forgetSession(1);
        QVERIFY(setFor(PathPolicies::kPoliciesMax + 1));
    }

    void pinsNothingForAllNodes()
    {
        PathPolicies policies;
        const auto refused = policies.set({}, pinned(overlay::pinOf(test::samplePathToBarn())));
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::InvalidArgument);
    }

    void joinsWhatIsAvoidedAndTakesTheMostSpecialPin()
    {
        PathPolicies policies;
        const auto viaGate = overlay::pinOf(test::samplePathToBarn());
        QVERIFY(policies.set({}, avoiding(1)));
        auto forBarn = avoiding(2);
        forBarn.pin = {viaGate.front()};
        QVERIFY(policies.set({.session = std::nullopt, .node = kBarn}, forBarn));
        QVERIFY(policies.set({.session = 7, .node = std::nullopt}, pinned(viaGate)));

        QVERIFY(policies.effective(std::nullopt, kGate) == avoiding(1));
        QVERIFY(policies.effective(8, kBarn) == forBarn);
        auto forSession = avoiding(2);
        forSession.pin = viaGate;
        QVERIFY(policies.effective(7, kBarn) == forSession);

        QVERIFY(policies.clear({.session = 7, .node = std::nullopt}));
        QVERIFY(!policies.clear({.session = 7, .node = std::nullopt}));
        QVERIFY(policies.effective(7, kBarn) == forBarn);
    }
};

QTEST_GUILESS_MAIN(tst_PathPolicyTable)
#include "tst_PathPolicyTable.moc"
