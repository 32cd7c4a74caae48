// SPDX-License-Identifier: Apache-2.0
// Inside of SimNet: one node with its engines, and what it has done so far.
#pragma once

#include "tests/sim/SimNet.h"

#include <map>

namespace fb::sim {

struct SimNet::Node {
    struct Attached {
        SegmentIndex segment = 0;
        overlay::PortConfig config;
        overlay::PortState state = overlay::PortState::Up;
        std::optional<SecretList> secrets{}; ///< none: the node's own
        std::vector<std::uint32_t> copies{}; ///< passed on by it, by the node that asked
    };
    /// A frame that came while the node was frozen.
    struct Held {
        overlay::PortId port = 0;
        FrameStore::Handle frame = 0;
    };
    /// Frames of others, in and out: a node multiplies nothing but questions.
    struct Balance {
        std::uint64_t heard = 0;
        std::uint64_t passedOn = 0;
    };

    overlay::Config config;
    std::optional<stream::Config> streams;
    Clock clock;
    SeededRandom random{0};
    std::vector<Attached> ports; ///< by port id
    SecretList secrets;
    std::optional<overlay::Engine> engine;
    std::optional<agent::Stack> stack;
    std::unique_ptr<Upper> upper;
    std::vector<overlay::Event> events;
    enum class Watching { No, Yes } watching = Watching::No;
    enum class Motion { Running, Frozen } motion = Motion::Running;
    std::vector<Held> held;
    Balance data;
    Balance responses;
    std::uint32_t questions = 0; ///< instants at which it asked something itself
    Instant askedAt{};
    std::map<std::string, std::uint64_t> counters; ///< at the last look
    Instant servedAt{};
    int servedThen = 0;

    [[nodiscard]] bool isRunning() const { return engine || stack; }
    [[nodiscard]] overlay::Engine& overlay() { return stack ? stack->overlay() : engine.value(); }
    [[nodiscard]] const overlay::Engine& overlay() const { return stack ? stack->overlay() : engine.value(); }
};

} // namespace fb::sim
