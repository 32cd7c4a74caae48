// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/SecretPlan.h"

#include <map>

namespace fb::sim {

using namespace std::chrono_literals;

namespace {

/// Between two lists of a pass, and, longer than any frame is under way, between two passes.
constexpr Duration kBetweenListsMax = 150ms;
constexpr Duration kBetweenPasses = 300ms;
constexpr Duration kBetweenPassesMore = 700ms;

SecretList listOf(const std::vector<std::string>& texts)
{
    SecretList list;
    for (const auto& text : texts)
        list.emplace_back(text);
    return list;
}

} // namespace

void SecretPlan::draw()
{
    const auto kind = m_net.random().below(5);
    m_isAuthenticated = kind != 4;
    if (kind == 0)
        return drawForSegments();
    Domain all;
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        // The first signs, any verifies: nodes that sign with different ones of a common list understand each other.
        const Texts texts = kind == 4   ? Texts{""}
                            : kind == 1 ? Texts{"storm"}
                            : node % 2  ? Texts{"calm", "storm"}
                                        : Texts{"storm", "calm"};
        all.places.push_back({.node = node, .port = std::nullopt, .texts = texts});
    }
    if (kind == 2 && m_net.nodeCount() > 3) {
        const auto outcast = m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount()));
        m_hasOutcast = true;
        m_net.setSecrets(outcast, listOf({"of nobody else"}));
        std::erase_if(all.places, [&](const Place& place) { return place.node == outcast; });
    }
    m_domains.push_back(std::move(all));
    for (const auto& place : m_domains.front().places)
        apply(place);
}

/// The nodes' own lists are there as well, and hold nowhere.
void SecretPlan::drawForSegments()
{
    std::map<SegmentIndex, Domain> domains;
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        m_net.setSecrets(node, listOf({"node " + std::to_string(node)}));
        for (overlay::PortId port = 0; port < m_net.portCount(node); ++port) {
            const auto segment = m_net.segmentOf(node, port);
            domains[segment].places.push_back(
                {.node = node, .port = port, .texts = {"segment " + std::to_string(segment)}});
        }
    }
    for (auto& [segment, domain] : domains) {
        for (const auto& place : domain.places)
            apply(place);
        m_domains.push_back(std::move(domain));
    }
}

void SecretPlan::apply(const Place& place)
{
    if (place.port)
        m_net.setPortSecrets(place.node, *place.port, listOf(place.texts));
    else
        m_net.setSecrets(place.node, listOf(place.texts));
}

void SecretPlan::rotate()
{
    if (m_isRotating || m_disagreeing || m_domains.empty())
        return;
    m_isRotating = true;
    const auto domain = m_net.random().below(static_cast<std::uint32_t>(m_domains.size()));
    passOn(domain, Pass::Accept, 0, "secret " + std::to_string(++m_rotations));
}

/// One list, then the next one, then the next pass.
void SecretPlan::passOn(std::size_t domain, Pass pass, std::size_t done, const std::string& next)
{
    auto& places = m_domains[domain].places;
    if (done == places.size()) {
        m_isRotating = pass != Pass::Demand;
        if (!m_isRotating)
            return;
        const auto after = kBetweenPasses + Duration(m_net.random().below(kBetweenPassesMore.count()));
        m_net.at(m_net.now() + after, [this, domain, pass, next] {
            passOn(domain, pass == Pass::Accept ? Pass::Send : Pass::Demand, 0, next);
        });
        return;
    }
    Place& place = places[done];
    switch (pass) {
    case Pass::Accept:
        place.texts.push_back(next);
        break;
    case Pass::Send:
        place.texts.pop_back();
        place.texts.insert(place.texts.begin(), next);
        break;
    case Pass::Demand:
        place.texts = {next};
        break;
    }
    apply(place);
    const auto wait = Duration(m_net.random().below(kBetweenListsMax.count()));
    m_net.at(m_net.now() + wait, [this, domain, pass, done, next] { passOn(domain, pass, done + 1, next); });
}

void SecretPlan::disagree(NodeIndex node, Duration time)
{
    const bool isOfOne = m_domains.size() == 1 && m_domains.front().places.size() == m_net.nodeCount();
    if (m_isRotating || m_disagreeing || !isOfOne)
        return;
    m_disagreeing = node;
    m_net.setSecrets(node, listOf({"mistyped"}));
    m_net.at(m_net.now() + time, [this] { endDisagreement(); });
}

void SecretPlan::endDisagreement()
{
    if (!m_disagreeing)
        return;
    apply(m_domains.front().places[*m_disagreeing]);
    m_disagreeing.reset();
}

} // namespace fb::sim
