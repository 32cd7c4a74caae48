// SPDX-License-Identifier: Apache-2.0
// Why the list of devices shows nothing. Each reason has another remedy, so they are told apart in one place.
#pragma once

namespace fb::ui {

enum class Emptiness {
    None,         ///< there is something to show
    NoAgent,      ///< nobody is there to ask
    NoInterface,  ///< the user has not chosen any: nothing is sent, nothing heard
    NothingHeard, ///< asked, and no device has answered yet
    FilteredOut,  ///< devices are there, the filter hides all
};

struct ListFacts {
    bool agentAnswers = false;
    int ports = 0;
    int devices = 0;
    int shown = 0;
};

[[nodiscard]] constexpr Emptiness emptinessOf(const ListFacts& facts)
{
    if (!facts.agentAnswers)
        return Emptiness::NoAgent;
    if (facts.shown > 0)
        return Emptiness::None;
    if (facts.devices > 0)
        return Emptiness::FilteredOut;
    return facts.ports > 0 ? Emptiness::NothingHeard : Emptiness::NoInterface;
}

} // namespace fb::ui
