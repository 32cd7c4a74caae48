// SPDX-License-Identifier: Apache-2.0
// The parts of one node put together: checks what a port heard, hands it to the part it concerns, chooses routes.
#pragma once

#include "core/overlay/Asker.h"
#include "core/overlay/Authenticator.h"
#include "core/overlay/Echo.h"
#include "core/overlay/Engine.h"
#include "core/overlay/Flood.h"
#include "core/overlay/Forwarder.h"
#include "core/overlay/Map.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/NodeInformation.h"
#include "core/overlay/PolicyRoutes.h"
#include "core/overlay/Routes.h"

namespace fb::overlay {

class Engine::Node {
public:
    Node(Config config, RandomSource& random, Instant now);

    void addPort(PortId port, PortConfig config);
    void removePort(PortId port, Instant now);
    void portChanged(PortId port, PortState state, Instant now);
    void setSecrets(const SecretList& global, Instant now);
    void setPortSecrets(PortId port, const std::optional<SecretList>& own, Instant now);
    void receive(PortId port, Bytes frame, Instant now);
    void advance(Instant now);
    void startWatching(Instant now);
    void stopWatching() { m_asker.stopWatching(); }

    [[nodiscard]] Result<std::vector<Path>, Error> paths(romon::RomonId target, std::size_t count) const;
    enum class Wanted { Best, ForSession };
    [[nodiscard]] Result<std::vector<Path>, Error> paths(romon::RomonId target, std::size_t count,
                                                         const PathPolicy& policy, Wanted wanted) const;
    void doubtLink(const LinkName& link) { m_map.doubtLink(link); }
    [[nodiscard]] Result<void, Error> probe(const Path& path, const Echo::Question& question, Instant now);
    [[nodiscard]] bool canLeave(const Path& path) const;
    [[nodiscard]] Result<void, Error> sendAlong(const Path& path, const Forwarder::Outgoing& outgoing, Instant now);
    [[nodiscard]] Result<void, Error> ping(const Echo::Question& question, Instant now);
    [[nodiscard]] Result<void, Error> send(const Forwarder::Outgoing& outgoing, Instant now);
    bool confirmWay(const DataReceived& data, Instant now);
    void forgetWay(const WaysBack::Stream& stream) { m_forwarder.waysBack().forget(stream); }
    [[nodiscard]] std::optional<std::size_t> dataBytesMax(romon::RomonId target) const;
    [[nodiscard]] bool hasAnswered(romon::RomonId node) const;
    [[nodiscard]] bool isFootbridge(romon::RomonId node) const;

    [[nodiscard]] std::optional<Transmit> nextTransmit() { return m_context.outbox.nextTransmit(); }
    void recycle(ByteVector frame) { m_context.outbox.recycle(std::move(frame)); }
    [[nodiscard]] std::optional<Event> nextEvent() { return m_context.outbox.nextEvent(); }
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] Snapshot snapshot(Instant now) const;

private:
    void checkTime(Instant now);
    void receiveFrame(PortId port, Bytes frame, Instant now);
    void hear(const Heard& heard);
    void receiveMessage(const Heard& heard);
    void dispatch(const Heard& heard, const romon::Message& message);
    void receiveData(const Heard& heard);
    void take(const Heard& heard, const Delivered& delivered);
    void receiveRefusal(const Heard& heard, const Delivered& data);
    void receiveResponse(const Heard& heard, const romon::DiscoverResp& response);
    void answer(const Delivered& data, Bytes payload);
    void askForInformation(Instant now);
    [[nodiscard]] Result<void, Error> checkTarget(romon::RomonId target) const;
    [[nodiscard]] Result<Route, Error> routeTo(romon::RomonId target) const;
    [[nodiscard]] Result<void, Error> ask(const Route& route, const Echo::Question& question, Instant now);
    [[nodiscard]] NodeInfo infoOf(romon::RomonId id, const NodeEntry& node, Instant now) const;
    [[nodiscard]] PortInfo infoOf(const Port& port) const;

    NodeContext m_context;
    Authenticator m_authenticator;
    Map m_map;
    Routes m_routes;
    PolicyRoutes m_policyRoutes;
    Asker m_asker;
    Flood m_flood;
    Forwarder m_forwarder;
    Echo m_echo;
    NodeInformation m_information;
    Instant m_now{}; ///< of the latest input; it never runs backwards
};

} // namespace fb::overlay
