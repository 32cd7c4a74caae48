// SPDX-License-Identifier: Apache-2.0
// The members of what crosses the control socket about paths of sessions and policies.
#pragma once

#include "core/agent/JsonFields.h"

namespace fb::agent {

inline constexpr std::array kPathStateNames{
    EnumName<PathState>{PathState::Unwatched, "unwatched"}, EnumName<PathState>{PathState::Good, "good"},
    EnumName<PathState>{PathState::Suspect, "suspect"}, EnumName<PathState>{PathState::Dead, "dead"},
    EnumName<PathState>{PathState::Held, "held"}};

inline constexpr std::array kMoveReasonNames{EnumName<MoveReason>{MoveReason::Opened, "opened"},
                                             EnumName<MoveReason>{MoveReason::Silent, "silent"},
                                             EnumName<MoveReason>{MoveReason::Unreachable, "unreachable"},
                                             EnumName<MoveReason>{MoveReason::PortDown, "port-down"},
                                             EnumName<MoveReason>{MoveReason::Lossy, "lossy"},
                                             EnumName<MoveReason>{MoveReason::Cheaper, "cheaper"},
                                             EnumName<MoveReason>{MoveReason::Policy, "policy"},
                                             EnumName<MoveReason>{MoveReason::Changed, "changed"}};

inline constexpr std::array kDirectionNames{
    EnumName<SessionInfo::Direction>{SessionInfo::Direction::Opened, "opened"},
    EnumName<SessionInfo::Direction>{SessionInfo::Direction::Accepted, "accepted"}};

template <class Codec, Describes<PathReport> M>
void fields(Codec& codec, M& report)
{
    codec.choice("state", report.state, kPathStateNames);
    codec.flag("is_in_use", report.isInUse);
    codec.object("quality", report.quality);
}

template <class Codec, Describes<PolicyScope> M>
void fields(Codec& codec, M& scope)
{
    codec.number("session", scope.session);
    codec.id("node", scope.node);
}

template <class Codec, class M>
    requires Describes<M, ScopedPolicy> || Describes<M, SetPathPolicy>
void fields(Codec& codec, M& scoped)
{
    codec.object("scope", scoped.scope);
    codec.object("policy", scoped.policy);
}

template <class Codec, Describes<SessionInfo> M>
void fields(Codec& codec, M& session)
{
    codec.integer("session", session.session);
    codec.id("peer", session.peer);
    codec.integer("service", session.service);
    codec.choice("direction", session.direction, kDirectionNames);
    codec.object("path", session.path);
    codec.choice("path_state", session.state, kPathStateNames);
    codec.object("path_quality", session.quality);
    codec.object("policy", session.policy);
    codec.flag("is_pin_broken", session.isPinBroken);
    codec.integer("bytes_sent", session.bytesSent);
    codec.integer("bytes_received", session.bytesReceived);
    codec.duration("rtt_us", session.rtt);
    codec.duration("silent_for_us", session.silentFor);
}

template <class Codec, Describes<ClearPathPolicy> M>
void fields(Codec& codec, M& command)
{
    codec.object("scope", command.scope);
}

template <class Codec, Describes<SessionsListed> M>
void fields(Codec& codec, M& event)
{
    codec.list("sessions", event.sessions);
}

template <class Codec, Describes<PathPoliciesListed> M>
void fields(Codec& codec, M& event)
{
    codec.list("policies", event.policies);
}

template <class Codec, Describes<StreamRerouted> M>
void fields(Codec& codec, M& event)
{
    codec.object("path", event.path);
    codec.choice("reason", event.reason, kMoveReasonNames);
}

} // namespace fb::agent
