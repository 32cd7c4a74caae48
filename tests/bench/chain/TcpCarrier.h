// SPDX-License-Identifier: Apache-2.0
// Two TCP connections of the kernel, with the congestion control of the caller's choice: what a user would have
// instead.
#pragma once

#include "core/base/FileDescriptor.h"
#include "tests/bench/chain/Carrier.h"

#include <array>
#include <string>

namespace fb::bench {

class TcpCarrier final : public Carrier {
public:
    /// `address` is the server's, on both sides.
    TcpCarrier(Side side, const std::string& address, const std::string& congestionControl);

    [[nodiscard]] bool isOpen() const override;
    void turn(Instant until) override;
    [[nodiscard]] std::size_t write(Channel channel, Bytes bytes) override;
    [[nodiscard]] std::size_t read(Channel channel, std::span<std::uint8_t> into) override;
    [[nodiscard]] nlohmann::ordered_json statistics() const override;
    void close() override;

private:
    struct Pipe {
        FileDescriptor listener;
        FileDescriptor socket;
        bool isOpen = false;
        bool isFull = false; ///< the last write was not taken whole
    };

    void settle(Pipe& pipe);
    [[nodiscard]] Pipe& pipeOf(Channel channel) { return m_pipes[static_cast<std::size_t>(channel)]; }

    std::array<Pipe, 2> m_pipes;
};

} // namespace fb::bench
