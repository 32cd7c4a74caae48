// SPDX-License-Identifier: Apache-2.0
// What will happen when: frames that arrive, actions of the scenario, deadlines of nodes. At one instant frames come
// first, then actions, then deadlines; frames and actions in the order they were entered, nodes by index.
#pragma once

#include "core/base/Instant.h"
#include "tests/sim/FrameStore.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace fb::sim {

struct Delivery {
    Instant when{};
    std::uint64_t order = 0;
    std::uint32_t node = 0;
    std::uint32_t port = 0;
    FrameStore::Handle frame = 0;

    friend bool operator>(const Delivery& first, const Delivery& second)
    {
        return first.when != second.when ? first.when > second.when : first.order > second.order;
    }
};

class Agenda {
public:
    using Action = std::function<void()>;

    void enter(Delivery delivery)
    {
        delivery.order = m_entered++;
        m_deliveries.push_back(delivery);
        std::ranges::push_heap(m_deliveries, std::greater{});
    }
    void enter(Instant when, Action action) { m_actions.emplace(std::pair(when, m_entered++), std::move(action)); }
    void setDeadline(std::uint32_t node, std::optional<Instant> deadline)
    {
        if (node >= m_deadlineOf.size())
            m_deadlineOf.resize(node + 1);
        auto& known = m_deadlineOf[node];
        if (known == deadline)
            return;
        if (known)
            m_deadlines.erase({*known, node});
        if (deadline)
            m_deadlines.emplace(*deadline, node);
        known = deadline;
    }

    [[nodiscard]] std::optional<Instant> nextMoment() const
    {
        std::optional<Instant> next;
        const auto consider = [&next](Instant moment) { next = next ? std::min(*next, moment) : moment; };
        if (!m_deliveries.empty())
            consider(m_deliveries.front().when);
        if (!m_actions.empty())
            consider(m_actions.begin()->first.first);
        if (!m_deadlines.empty())
            consider(m_deadlines.begin()->first);
        return next;
    }

    [[nodiscard]] std::optional<Delivery> takeDelivery(Instant now)
    {
        if (m_deliveries.empty() || m_deliveries.front().when > now)
            return std::nullopt;
        std::ranges::pop_heap(m_deliveries, std::greater{});
        const Delivery delivery = m_deliveries.back();
        m_deliveries.pop_back();
        return delivery;
    }
    [[nodiscard]] std::optional<Action> takeAction(Instant now)
    {
        if (m_actions.empty() || m_actions.begin()->first.first > now)
            return std::nullopt;
        auto action = std::move(m_actions.begin()->second);
        m_actions.erase(m_actions.begin());
        return action;
    }
    /// The node stays in the agenda until its deadline is set again.
    [[nodiscard]] std::optional<std::uint32_t> dueNode(Instant now) const
    {
        if (m_deadlines.empty() || m_deadlines.begin()->first > now)
            return std::nullopt;
        return m_deadlines.begin()->second;
    }

private:
    std::vector<Delivery> m_deliveries; ///< a heap, the next one in front
    std::map<std::pair<Instant, std::uint64_t>, Action> m_actions;
    std::set<std::pair<Instant, std::uint32_t>> m_deadlines;
    std::vector<std::optional<Instant>> m_deadlineOf;
    std::uint64_t m_entered = 0;
};

} // namespace fb::sim
