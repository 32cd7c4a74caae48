// SPDX-License-Identifier: Apache-2.0
// Whose frames were refused because of secrets, by the id that their packets name as their source. Anybody can forge
// an id, so the table is small and whoever was refused least makes room: a flood of invented ids hides nobody who keeps
// trying.
#pragma once

#include "core/overlay/Counters.h"
#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <map>
#include <vector>

namespace fb::overlay {

inline constexpr std::size_t kRefusedSendersMax = 256;

class Refusals {
public:
    enum class Reason { NoneMatches, Replayed, Unhashed };

    explicit Refusals(Counters& counters) : m_counters(counters) {}

    void note(romon::RomonId sender, Reason reason);

    /// Ascending by id.
    [[nodiscard]] std::vector<UnverifiedSender> senders() const;

private:
    Counters& m_counters;
    std::map<romon::RomonId, UnverifiedSender> m_senders;
};

} // namespace fb::overlay
