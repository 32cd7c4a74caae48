// SPDX-License-Identifier: Apache-2.0
// The ports of this node as they are: watches the machine's interfaces, opens a link for each that is a port by the
// rules, tells the overlay of all that comes, goes, goes down or cannot be opened, and moves frames. One thread.
#pragma once

#include "core/agent/Event.h"
#include "core/agent/FrameQueue.h"
#include "core/agent/Log.h"
#include "core/agent/Loop.h"
#include "core/agent/PortRules.h"
#include "core/agent/SecretLists.h"
#include "core/link/Link.h"
#include "core/overlay/Engine.h"

#include <map>
#include <memory>
#include <string>

namespace fb::agent {

class Ports final : private Loop::Handler {
public:
    /// Frames taken from one link before the others and the timers have their turn.
    static constexpr int kFramesPerTurn = 64;
    static constexpr std::size_t kPortsMax = 256;
    static constexpr std::size_t kIdsMax = 4096; ///< remembered for interfaces that may come back

    /// All of these must outlive it.
    struct Surroundings {
        Loop& loop;
        link::LinkFactory& links;
        link::InterfaceMonitor& monitor;
        overlay::Engine& overlay;
        const LogSink& log;
    };

    Ports(Surroundings surroundings, PortRules rules);
    ~Ports();

    /// Opens what the rules name; also after the rules have changed, and to try again what failed.
    void apply(Instant now);
    [[nodiscard]] PortRules& rules() { return m_rules; }

    /// For the ports there are and those that come.
    void setSecrets(const SecretLists& lists, Instant now);

    /// The frame leaves with flush(), which belongs to the same turn.
    void send(overlay::Transmit transmit, Instant now);
    void flush(Instant now);
    /// Sends what waits, and takes the frames that a full turn has left.
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    [[nodiscard]] std::vector<InterfaceState> interfaces() const;
    [[nodiscard]] bool hasInterface(const std::string& name) const;
    /// Why the link of a port could not be opened; none if it could, or if there was no reason to try.
    [[nodiscard]] std::optional<Error> openError(const std::string& interface) const;
    [[nodiscard]] std::string interfaceOf(overlay::PortId port) const;
    /// Adds to a snapshot what only the ports know: problems, bridges, drops of links and queues.
    void decorate(overlay::Snapshot& snapshot) const;
    /// True once after interfaces or ports have changed.
    [[nodiscard]] bool takeChanged() { return std::exchange(m_changed, false); }

private:
    class Port;

    void ready(const runtime::Ready& what, Instant now) override;
    [[nodiscard]] std::optional<SecretList> secretsOf(const std::string& interface) const;
    void forgetOldIds();
    void removeUnwanted(Instant now);
    void applyTo(const std::string& name, const link::Interface* interface, const PortRule& rule, Instant now);

    Surroundings m_with;
    PortRules m_rules;
    SecretLists m_secrets;
    std::vector<link::Interface> m_interfaces;
    std::map<std::string, std::unique_ptr<Port>> m_ports;
    std::map<overlay::PortId, Port*> m_byId;
    std::map<std::string, overlay::PortId> m_ids; ///< an interface that comes back gets its number back
    overlay::PortId m_nextId = 1;
    Loop::Watch m_watch;
    std::uint64_t m_droppedByRemoved = 0;
    bool m_changed = false;
};

} // namespace fb::agent
