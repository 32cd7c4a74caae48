// SPDX-License-Identifier: Apache-2.0
// The least that a forwarder in user space can be: every frame of one interface goes out of the other, whatever it is,
// after one byte of it has been looked at. It carries the kernel's TCP as well as frames of the overlay.
#pragma once

#include "core/base/Bytes.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace fb::bench {

/// Both directions of one forwarder.
class Floor {
public:
    /// What happens to a frame instead of being sent on at once: the number of the interface it came from, and the
    /// frame.
    using Detour = std::function<void(std::size_t from, Bytes frame)>;

    virtual ~Floor() = default;
    [[nodiscard]] virtual std::array<int, 2> descriptors() const = 0;
    /// Takes what waits on an interface until nothing is left, and sends it out of the other one.
    virtual void drain(std::size_t from) = 0;
    virtual void send(std::size_t to, Bytes frame) = 0;
    [[nodiscard]] virtual std::uint64_t forwarded() const = 0;

    /// Bare libpcap: immediate mode, pcap_dispatch() until nothing is left, pcap_inject() for each frame.
    [[nodiscard]] static std::unique_ptr<Floor> overPcap(const std::array<std::string, 2>& interfaces, Detour detour);
    /// A bare packet socket: up to 32 frames by one recvmmsg() and one sendmmsg().
    [[nodiscard]] static std::unique_ptr<Floor> overRaw(const std::array<std::string, 2>& interfaces, Detour detour);
};

} // namespace fb::bench
