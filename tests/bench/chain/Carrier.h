// SPDX-License-Identifier: Apache-2.0
// Two byte pipes between the ends of a chain, one for keystrokes and one for a copy, whatever carries them: streams of
// the overlay or connections of the kernel. What is measured is written once, against this.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Instant.h"

#include <nlohmann/json.hpp>

#include <span>

namespace fb::bench {

enum class Channel : std::uint8_t { Keys, Copy };
enum class Side : std::uint8_t { Client, Server };

class Carrier {
public:
    virtual ~Carrier() = default;

    /// Whether both channels are open; the client opens them.
    [[nodiscard]] virtual bool isOpen() const = 0;
    /// Waits until something can be read, written or opened, or until then.
    virtual void turn(Instant until) = 0;
    /// Takes as many bytes as there is room for at once.
    [[nodiscard]] virtual std::size_t write(Channel channel, Bytes bytes) = 0;
    /// Bytes that have arrived; 0 if there are none now.
    [[nodiscard]] virtual std::size_t read(Channel channel, std::span<std::uint8_t> into) = 0;
    /// What it can tell of itself, such as retransmissions; an object.
    [[nodiscard]] virtual nlohmann::ordered_json statistics() const = 0;
    /// Gives both up at once and tells the far end.
    virtual void close() = 0;
};

} // namespace fb::bench
