// SPDX-License-Identifier: Apache-2.0
// What the user wants of the ways of sessions: one thing at a time, for one scope. A value.
#pragma once

#include "core/agent/Event.h"

#include <vector>

namespace fb::ui {

struct PathWish {
    enum class Kind {
        Pin,         ///< this path while it works, another one while it does not
        PinStrictly, ///< this path or none
        AvoidNode,
        AvoidLink,
        Automatic, ///< nothing is pinned or avoided any more
    };
    Kind kind = Kind::Automatic;
    agent::PolicyScope scope;
    std::vector<overlay::PortName> pin{}; ///< Pin and PinStrictly
    romon::RomonId node{};                ///< AvoidNode
    overlay::PortName link{};             ///< AvoidLink

    friend bool operator==(const PathWish&, const PathWish&) = default;
};

/// What is set for the scope of a wish once it is granted: avoiding one thing more does not forget the others.
[[nodiscard]] overlay::PathPolicy granted(const PathWish& wish, overlay::PathPolicy before);

/// What is known of the ways to one device.
struct DeviceWays {
    romon::RomonId device;
    std::vector<overlay::Path> paths;          ///< best first; a pinned one before all others
    std::vector<agent::PathReport> reports;    ///< one for each path
    std::vector<agent::ScopedPolicy> policies; ///< those for all devices, for this one, and for its sessions
    std::vector<agent::SessionInfo> sessions;  ///< opened from here to it

    friend bool operator==(const DeviceWays&, const DeviceWays&) = default;
};

} // namespace fb::ui
