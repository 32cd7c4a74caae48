// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Refusals.h"

#include <algorithm>

namespace fb::overlay {

namespace {

std::uint64_t total(const UnverifiedSender& sender)
{
    return sender.frames + sender.replayed + sender.unhashed;
}

} // namespace

void Refusals::note(romon::RomonId sender, Reason reason)
{
    auto found = m_senders.find(sender);
    if (found == m_senders.end()) {
        if (m_senders.size() >= kRefusedSendersMax) {
            m_counters.add(Counter::RefusedSendersLimit);
            m_senders.erase(
                std::ranges::min_element(m_senders, {}, [](const auto& entry) { return total(entry.second); }));
        }
        found = m_senders.emplace(sender, UnverifiedSender{.id = sender}).first;
    }
    switch (reason) {
    case Reason::NoneMatches:
        ++found->second.frames;
        break;
    case Reason::Replayed:
        ++found->second.replayed;
        break;
    case Reason::Unhashed:
        ++found->second.unhashed;
        break;
    }
}

std::vector<UnverifiedSender> Refusals::senders() const
{
    std::vector<UnverifiedSender> senders;
    for (const auto& [id, sender] : m_senders)
        senders.push_back(sender);
    return senders;
}

} // namespace fb::overlay
