// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Ports.h"

#include "core/agent/Port.h"

#include <algorithm>

namespace fb::agent {

Ports::Ports(Surroundings surroundings, PortRules rules)
    : m_with(surroundings),
      m_rules(std::move(rules)),
      m_watch(m_with.loop, m_with.monitor.pollDescriptor(), runtime::Interest::Read, *this)
{
}

Ports::~Ports() = default;

void Ports::ready(const runtime::Ready&, Instant now)
{
    apply(now);
}

void Ports::apply(Instant now)
{
    m_interfaces = m_with.monitor.refresh();
    m_changed = true;
    removeUnwanted(now);
    for (const auto& interface : m_interfaces) {
        if (const auto rule = m_rules.find(interface.name))
            applyTo(interface.name, &interface, *rule, now);
    }
    for (const auto& name : m_rules.namedInterfaces()) {
        const auto rule = m_rules.find(name);
        if (rule && !hasInterface(name))
            applyTo(name, nullptr, *rule, now);
    }
}

void Ports::removeUnwanted(Instant now)
{
    const auto named = m_rules.namedInterfaces();
    for (auto entry = m_ports.begin(); entry != m_ports.end();) {
        const auto& name = entry->first;
        const bool isThere = hasInterface(name) || std::ranges::find(named, name) != named.end();
        if (isThere && m_rules.find(name)) {
            ++entry;
            continue;
        }
        m_with.log(LogLevel::Info, "port " + name + ": no longer a port");
        m_droppedByRemoved += entry->second->droppedBelow();
        m_byId.erase(entry->second->id());
        entry->second->remove(now);
        entry = m_ports.erase(entry);
    }
}

void Ports::applyTo(const std::string& name, const link::Interface* interface, const PortRule& rule, Instant now)
{
    PortFacts facts;
    facts.use = rule.use;
    facts.config.interface = name;
    facts.config.cost = rule.cost;
    if (interface) {
        facts.config.mac = interface->mac;
        facts.config.l2Mtu = interface->mtu;
        facts.config.segment = interface->bridge;
    }
    auto known = m_ports.find(name);
    // A missing interface has no facts of its own: its port waits as it is.
    if (known != m_ports.end() && interface && !known->second->facts().sameAs(facts)) {
        m_droppedByRemoved += known->second->droppedBelow();
        m_byId.erase(known->second->id());
        known->second->remove(now);
        m_ports.erase(known);
        known = m_ports.end();
    }
    if (known == m_ports.end()) {
        if (m_ports.size() >= kPortsMax) {
            m_with.log(LogLevel::Warning, "port " + name + ": there are too many ports already");
            return;
        }
        forgetOldIds();
        const auto id = m_ids.try_emplace(name, m_nextId).first->second;
        m_nextId = std::max(m_nextId, id + 1);
        known = m_ports.emplace(name, std::make_unique<Port>(m_with, id, std::move(facts), now)).first;
        m_byId.emplace(id, known->second.get());
        m_with.overlay.setPortSecrets(id, secretsOf(name), now);
    }
    using Presence = Port::Presence;
    known->second->update(!interface ? Presence::Missing : interface->isUp ? Presence::Up : Presence::Down, now);
}

std::optional<SecretList> Ports::secretsOf(const std::string& interface) const
{
    const auto own = m_secrets.ports.find(interface);
    return own == m_secrets.ports.end() ? std::nullopt : std::optional(own->second);
}

void Ports::setSecrets(const SecretLists& lists, Instant now)
{
    m_secrets = lists;
    m_with.overlay.setSecrets(lists.all, now);
    for (const auto& port : m_ports)
        m_with.overlay.setPortSecrets(port.second->id(), secretsOf(port.first), now);
}

void Ports::forgetOldIds()
{
    // Machines that make interfaces all day (containers) must not make this table grow all day.
    if (m_ids.size() >= kIdsMax)
        std::erase_if(m_ids, [this](const auto& entry) { return !m_ports.contains(entry.first); });
}

void Ports::send(overlay::Transmit transmit, Instant now)
{
    const auto port = m_byId.find(transmit.port);
    if (port != m_byId.end())
        port->second->send(std::move(transmit), now);
}

void Ports::flush(Instant now)
{
    for (const auto& port : m_byId)
        port.second->flush(now);
}

void Ports::advance(Instant now)
{
    for (const auto& port : m_ports)
        port.second->advance(now);
}

std::optional<Instant> Ports::nextDeadline() const
{
    std::optional<Instant> next;
    for (const auto& port : m_ports) {
        const auto deadline = port.second->nextDeadline();
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

std::vector<InterfaceState> Ports::interfaces() const
{
    std::vector<InterfaceState> states;
    for (const auto& interface : m_interfaces) {
        InterfaceState state;
        state.name = interface.name;
        state.mac = interface.mac;
        state.isUp = interface.isUp;
        state.bridge = interface.bridge;
        states.push_back(std::move(state));
    }
    for (const auto& port : m_ports) {
        auto state = std::ranges::find(states, port.first, &InterfaceState::name);
        if (state == states.end()) {
            state = states.emplace(states.end());
            state->name = port.first;
        }
        state->isPort = port.second->facts().use == PortRule::Use::Yes;
        state->cost = port.second->facts().config.cost;
        state->problem = port.second->problem();
    }
    std::ranges::sort(states, {}, &InterfaceState::name);
    return states;
}

bool Ports::hasInterface(const std::string& name) const
{
    return std::ranges::find(m_interfaces, name, &link::Interface::name) != m_interfaces.end();
}

std::optional<Error> Ports::openError(const std::string& interface) const
{
    const auto port = m_ports.find(interface);
    return port == m_ports.end() ? std::nullopt : port->second->openError();
}

std::string Ports::interfaceOf(overlay::PortId port) const
{
    const auto found = m_byId.find(port);
    return found == m_byId.end() ? std::string() : found->second->facts().config.interface;
}

void Ports::decorate(overlay::Snapshot& snapshot) const
{
    std::uint64_t dropped = m_droppedByRemoved;
    std::uint64_t queued = 0;
    for (auto& info : snapshot.ports) {
        const auto found = m_byId.find(info.id);
        if (found == m_byId.end())
            continue;
        const auto& port = *found->second;
        info.problem = port.problem();
        info.bridge = port.facts().config.segment;
        info.counters.framesDropped += port.droppedBelow();
        dropped += port.droppedBelow();
        queued += port.queued();
    }
    if (dropped != 0)
        snapshot.counters.push_back({"link-frames-dropped", dropped});
    if (queued != 0)
        snapshot.counters.push_back({"link-frames-queued", queued});
}

} // namespace fb::agent
