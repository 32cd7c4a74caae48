// SPDX-License-Identifier: Apache-2.0
// The members of every type that crosses the control socket, each described once for both directions.
#pragma once

#include "core/agent/Event.h"
#include "core/agent/JsonCodec.h"
#include "core/base/Error.h"
#include "core/overlay/Snapshot.h"

#include <concepts>

namespace fb {

template <class Message, class Type>
concept Describes = std::same_as<std::remove_const_t<Message>, Type>;

template <class Codec, Describes<Error> M>
void fields(Codec& codec, M& error)
{
    std::string name(nameOf(error.code));
    codec.text("code", name);
    codec.text("context", error.context);
    codec.integer("errno", error.systemErrno);
    if constexpr (!std::is_const_v<M>) {
        error.code = ErrorCode::Count;
        for (int code = 0; code < static_cast<int>(ErrorCode::Count); ++code) {
            if (nameOf(static_cast<ErrorCode>(code)) == name)
                error.code = static_cast<ErrorCode>(code);
        }
        if (error.code == ErrorCode::Count) {
            error.code = ErrorCode::SystemError;
            codec.complain("code", "is unknown");
        }
    }
}

} // namespace fb

namespace fb::overlay {

inline constexpr std::array kFreshnessNames{agent::EnumName<Freshness>{Freshness::Fresh, "fresh"},
                                            agent::EnumName<Freshness>{Freshness::Stale, "stale"},
                                            agent::EnumName<Freshness>{Freshness::Lost, "lost"}};
inline constexpr std::array kPortStateNames{agent::EnumName<PortState>{PortState::Up, "up"},
                                            agent::EnumName<PortState>{PortState::Down, "down"},
                                            agent::EnumName<PortState>{PortState::Missing, "missing"},
                                            agent::EnumName<PortState>{PortState::Forbidden, "forbidden"},
                                            agent::EnumName<PortState>{PortState::Failed, "failed"}};
inline constexpr std::array kRoleNames{agent::EnumName<Role>{Role::Leaf, "leaf"},
                                       agent::EnumName<Role>{Role::Transit, "transit"}};

template <class Codec, Describes<LinkEnd> M>
void fields(Codec& codec, M& end)
{
    codec.integer("link_id", end.linkId);
    codec.integer("l2_mtu", end.l2Mtu);
    codec.integer("cost", end.cost);
    codec.mac("mac", end.mac);
}

template <class Codec, Describes<Hop> M>
void fields(Codec& codec, M& hop)
{
    codec.id("from", hop.from);
    codec.id("to", hop.to);
    codec.object("out", hop.out);
    codec.object("in", hop.in);
    codec.derived("cost", hop.cost());
}

template <class Codec, Describes<Path> M>
void fields(Codec& codec, M& path)
{
    codec.integer("cost", path.cost);
    codec.integer("l2_mtu", path.l2Mtu);
    codec.list("hops", path.hops);
}

template <class Codec, Describes<PortName> M>
void fields(Codec& codec, M& port)
{
    codec.id("node", port.node);
    codec.integer("link_id", port.linkId);
}

template <class Codec, Describes<PathPolicy> M>
void fields(Codec& codec, M& policy)
{
    codec.ids("avoid_nodes", policy.avoidNodes);
    codec.optionalList("avoid_links", policy.avoidLinks);
    codec.optionalList("pin", policy.pin);
    codec.optionalFlag("is_strict", policy.isStrict);
}

template <class Codec, Describes<PathQuality> M>
void fields(Codec& codec, M& quality)
{
    codec.duration("rtt_us", quality.rtt);
    codec.integer("loss_permille", quality.lossPermille);
    codec.integer("samples", quality.samples);
    codec.flag("is_lossy", quality.isLossy);
}

template <class Codec, Describes<NodeInfo> M>
void fields(Codec& codec, M& node)
{
    codec.id("id", node.id);
    codec.text("identity", node.identity);
    codec.text("version", node.version);
    codec.text("board", node.board);
    codec.duration("uptime_us", node.uptime);
    codec.integers("services", node.services);
    codec.flag("is_footbridge", node.isFootbridge);
    codec.choice("freshness", node.freshness, kFreshnessNames);
    codec.duration("since_heard_us", node.sinceHeard);
    codec.duration("rtt_us", node.rtt);
    codec.object("path", node.path);
}

template <class Codec, Describes<LinkInfo> M>
void fields(Codec& codec, M& link)
{
    codec.id("a", link.a);
    codec.id("b", link.b);
    codec.object("end_a", link.endA);
    codec.object("end_b", link.endB);
    codec.choice("freshness", link.freshness, kFreshnessNames);
}

template <class Codec, Describes<PortCounters> M>
void fields(Codec& codec, M& counters)
{
    codec.integer("frames_received", counters.framesReceived);
    codec.integer("frames_sent", counters.framesSent);
    codec.integer("bytes_received", counters.bytesReceived);
    codec.integer("bytes_sent", counters.bytesSent);
    codec.integer("frames_dropped", counters.framesDropped);
    codec.integer("neighbors", counters.neighbors);
}

template <class Codec, Describes<PortInfo> M>
void fields(Codec& codec, M& port)
{
    codec.integer("id", port.id);
    codec.text("interface", port.interface);
    codec.mac("mac", port.mac);
    codec.integer("l2_mtu", port.l2Mtu);
    codec.integer("cost", port.cost);
    codec.choice("state", port.state, kPortStateNames);
    codec.text("problem", port.problem);
    codec.text("bridge", port.bridge);
    codec.object("counters", port.counters);
}

template <class Codec, Describes<NamedCounter> M>
void fields(Codec& codec, M& counter)
{
    codec.text("name", counter.name);
    codec.integer("value", counter.value);
}

template <class Codec, Describes<UnverifiedSender> M>
void fields(Codec& codec, M& sender)
{
    codec.id("id", sender.id);
    codec.integer("frames", sender.frames);
    codec.integer("replayed", sender.replayed);
    codec.integer("unhashed", sender.unhashed);
}

template <class Codec, Describes<DuplicateId> M>
void fields(Codec& codec, M& other)
{
    codec.mac("mac", other.mac);
    codec.text("interface", other.interface);
    codec.duration("since_heard_us", other.sinceHeard);
}

template <class Codec, Describes<Snapshot> M>
void fields(Codec& codec, M& snapshot)
{
    codec.id("self", snapshot.self);
    codec.text("identity", snapshot.identity);
    codec.choice("role", snapshot.role, kRoleNames);
    codec.integer("rounds_asked", snapshot.roundsAsked);
    codec.list("nodes", snapshot.nodes);
    codec.list("links", snapshot.links);
    codec.list("ports", snapshot.ports);
    codec.list("counters", snapshot.counters);
    codec.list("unverified", snapshot.unverified);
    codec.object("duplicate_id", snapshot.duplicateId);
}

} // namespace fb::overlay

namespace fb::stream {

template <class Codec, Describes<StreamStatus> M>
void fields(Codec& codec, M& status)
{
    codec.integer("stream", status.stream);
    codec.id("peer", status.peer);
    codec.integer("service", status.service);
    codec.integer("bytes_sent", status.bytesSent);
    codec.integer("bytes_received", status.bytesReceived);
    codec.integer("segments_retransmitted", status.segmentsRetransmitted);
    codec.duration("rtt_us", status.rtt);
    codec.duration("silent_for_us", status.silentFor);
}

} // namespace fb::stream

namespace fb::runtime {

template <class Codec, Describes<ProcessUsage> M>
void fields(Codec& codec, M& usage)
{
    codec.integer("resident_bytes", usage.residentBytes);
    codec.duration("processor_time_us", usage.processorTime);
    codec.integer("descriptors", usage.descriptors);
    codec.integer("descriptors_max", usage.descriptorsMax);
}

} // namespace fb::runtime

namespace fb::agent {

inline constexpr std::array kUseNames{EnumName<SetPort::Use>{SetPort::Use::Yes, "yes"},
                                      EnumName<SetPort::Use>{SetPort::Use::No, "no"}};

inline constexpr std::array kLifetimeNames{EnumName<OpenStream::Lifetime>{OpenStream::Lifetime::Request, "request"},
                                           EnumName<OpenStream::Lifetime>{OpenStream::Lifetime::Socket, "socket"}};

template <class Codec, class M>
    requires Describes<M, WatchNeighbors> || Describes<M, GetSnapshot> || Describes<M, ListInterfaces> ||
        Describes<M, GetStatistics> || Describes<M, GetPathPolicies> || Describes<M, GetSessions> ||
        Describes<M, ListSecrets> || Describes<M, CommandDone>
void fields(Codec&, M&) {}

template <class Codec, Describes<FindPaths> M>
void fields(Codec& codec, M& command)
{
    codec.id("target", command.target);
    codec.integer("count", command.count);
    codec.ids("avoid_nodes", command.avoidNodes);
    codec.optionalList("avoid_links", command.avoidLinks);
}

template <class Codec, Describes<PingNode> M>
void fields(Codec& codec, M& command)
{
    codec.id("target", command.target);
    codec.integer("count", command.count);
    codec.duration("interval_us", command.interval);
    codec.duration("timeout_us", command.timeout);
    codec.integer("size_bytes", command.sizeBytes);
}

template <class Codec, Describes<OpenStream> M>
void fields(Codec& codec, M& command)
{
    codec.id("target", command.target);
    codec.integer("service", command.service);
    codec.choice("lifetime", command.lifetime, kLifetimeNames);
}

template <class Codec, Describes<SetPort> M>
void fields(Codec& codec, M& command)
{
    codec.text("interface", command.interface);
    codec.choice("use", command.use, kUseNames);
    codec.integer("cost", command.cost);
}

template <class Codec, Describes<Cancel> M>
void fields(Codec& codec, M& command)
{
    codec.integer("request", command.request);
}

template <class Codec, Describes<PathsFound> M>
void fields(Codec& codec, M& event)
{
    codec.id("target", event.target);
    codec.list("paths", event.paths);
    codec.optionalList("reports", event.reports);
}

template <class Codec, Describes<PingResult> M>
void fields(Codec& codec, M& event)
{
    codec.integer("sequence", event.sequence);
    codec.duration("rtt_us", event.rtt);
    codec.integer("size_bytes", event.sizeBytes);
}

template <class Codec, Describes<StreamOpened> M>
void fields(Codec& codec, M& event)
{
    codec.object("path", event.path);
    codec.integer("session", event.session);
}

template <class Codec, Describes<StreamSilent> M>
void fields(Codec& codec, M& event)
{
    codec.duration("silent_for_us", event.silentFor);
    codec.duration("limit_us", event.limit);
}

template <class Codec, class M>
    requires Describes<M, StreamEnded> || Describes<M, CommandFailed> || Describes<M, ServiceLost>
void fields(Codec& codec, M& event)
{
    codec.object("error", event.error);
}

template <class Codec, Describes<InterfaceState> M>
void fields(Codec& codec, M& interface)
{
    codec.text("name", interface.name);
    codec.mac("mac", interface.mac);
    codec.flag("is_up", interface.isUp);
    codec.flag("is_port", interface.isPort);
    codec.integer("cost", interface.cost);
    codec.text("bridge", interface.bridge);
    codec.text("problem", interface.problem);
}

template <class Codec, Describes<InterfacesListed> M>
void fields(Codec& codec, M& event)
{
    codec.list("interfaces", event.interfaces);
}

template <class Codec, Describes<TableFill> M>
void fields(Codec& codec, M& table)
{
    codec.text("name", table.name);
    codec.integer("used", table.used);
    codec.integer("limit", table.limit);
}

template <class Codec, Describes<Statistics> M>
void fields(Codec& codec, M& statistics)
{
    codec.id("self", statistics.self);
    codec.text("identity", statistics.identity);
    codec.choice("role", statistics.role, overlay::kRoleNames);
    codec.text("version", statistics.version);
    codec.duration("uptime_us", statistics.uptime);
    codec.integer("rounds_asked", statistics.roundsAsked);
    codec.integer("nodes_fresh", statistics.nodesFresh);
    codec.integer("nodes_stale", statistics.nodesStale);
    codec.integer("nodes_lost", statistics.nodesLost);
    codec.integer("services_running", statistics.servicesRunning);
    codec.list("tables", statistics.tables);
    codec.list("counters", statistics.counters);
    codec.list("ports", statistics.ports);
    codec.list("unverified", statistics.unverified);
    codec.object("duplicate_id", statistics.duplicateId);
    codec.list("streams", statistics.streams);
    codec.object("process", statistics.process);
}

template <class Codec, Describes<StatisticsTaken> M>
void fields(Codec& codec, M& event)
{
    codec.object("statistics", event.statistics);
}

inline constexpr std::array kActionNames{EnumName<SecretChange::Action>{SecretChange::Action::Set, "set"},
                                         EnumName<SecretChange::Action>{SecretChange::Action::Add, "add"},
                                         EnumName<SecretChange::Action>{SecretChange::Action::First, "first"},
                                         EnumName<SecretChange::Action>{SecretChange::Action::Remove, "remove"},
                                         EnumName<SecretChange::Action>{SecretChange::Action::Clear, "clear"}};
inline constexpr std::array kKeepNames{EnumName<ConfirmSecrets::Keep>{ConfirmSecrets::Keep::Yes, "yes"},
                                       EnumName<ConfirmSecrets::Keep>{ConfirmSecrets::Keep::No, "no"}};

template <class Codec, Describes<ChangeSecrets> M>
void fields(Codec& codec, M& command)
{
    codec.choice("action", command.change.action, kActionNames);
    codec.text("interface", command.change.interface);
    codec.text("where", command.change.where);
    codec.secrets("secrets", command.change.secrets);
    codec.texts("fingerprints", command.change.fingerprints);
    codec.duration("confirm_within_us", command.confirmWithin);
}

template <class Codec, Describes<ConfirmSecrets> M>
void fields(Codec& codec, M& command)
{
    codec.choice("keep", command.keep, kKeepNames);
}

template <class Codec, Describes<SecretScope> M>
void fields(Codec& codec, M& scope)
{
    codec.text("interface", scope.interface);
    codec.texts("fingerprints", scope.fingerprints);
}

template <class Codec, Describes<SecretsListed> M>
void fields(Codec& codec, M& event)
{
    codec.list("scopes", event.scopes);
    codec.flag("has_changed", event.hasChanged);
    codec.duration("confirm_left_us", event.confirmLeft);
    codec.flag("is_kept", event.isKept);
}

template <class Codec, Describes<DuplicateIdAlarm> M>
void fields(Codec& codec, M& event)
{
    codec.mac("mac", event.mac);
    codec.text("interface", event.interface);
}

/// The snapshot is shared and constant: reading makes a new one.
template <class Codec, Describes<SnapshotChanged> M>
void fields(Codec& codec, M& event)
{
    if constexpr (std::is_const_v<M>) {
        codec.object("snapshot", *event.snapshot);
    } else {
        auto snapshot = std::make_shared<overlay::Snapshot>();
        codec.object("snapshot", *snapshot);
        event.snapshot = std::move(snapshot);
    }
}

} // namespace fb::agent
