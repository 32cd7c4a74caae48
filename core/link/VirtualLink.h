// SPDX-License-Identifier: Apache-2.0
// Links that exist in memory only: a VirtualSegment is a hub with named interfaces, for tests and demonstrations. The
// interfaces of a segment are fixed when it is made, so that programs on several threads can share one: a frame crosses
// by a socket, nothing else is shared but atomic states. The segment must outlive its links.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/base/SeededRandom.h"
#include "core/link/Link.h"

#include <atomic>
#include <cstdint>
#include <functional>

namespace fb::link {

/// Removed is final: like a deleted interface, it never comes back under the same link.
enum class VirtualState : std::uint8_t { Up, Down, Removed };

class VirtualSegment {
public:
    struct Config {
        std::vector<std::string> interfaces;
        std::uint16_t mtu = 1500;
        std::uint32_t lossPerMille = 0; ///< frames lost on the way to each receiver, chosen by the seed
        std::uint64_t seed = 1;
    };

    explicit VirtualSegment(Config config);

    /// Any thread. The interface must be one of the segment's.
    void setState(const std::string& interface, VirtualState state);
    [[nodiscard]] const Config& config() const { return m_config; }

private:
    friend class VirtualLink;
    friend class VirtualLinkFactory;

    struct Port {
        FileDescriptor in;  ///< whoever sends to this interface writes here
        FileDescriptor out; ///< the link reads here
        std::uint64_t seed = 0;
        std::atomic<VirtualState> state = VirtualState::Up;
        std::atomic<bool> isOpen = false;
        std::atomic<std::uint64_t> overflows = 0;
    };

    [[nodiscard]] Port* find(const std::string& interface);

    Config m_config;
    std::vector<std::unique_ptr<Port>> m_ports; ///< in the order of the configuration
};

/// One interface's view of the segment; one thread at a time. The queue of frames that wait is as long as the kernel's
/// socket buffer, about 180 full frames; what does not fit is counted as dropped by the receiver.
class VirtualLink final : public Link {
public:
    VirtualLink(VirtualSegment& segment, VirtualSegment::Port& port);
    VirtualLink(const VirtualLink&) = delete;
    VirtualLink& operator=(const VirtualLink&) = delete;
    ~VirtualLink() override;

    [[nodiscard]] int pollDescriptor() const override { return m_port.out.get(); }
    [[nodiscard]] ReceiveOutcome receive(Bytes& frame) override;
    [[nodiscard]] SendOutcome send(Bytes frame) override;
    [[nodiscard]] LinkCounters counters() const override;

private:
    void deliver(VirtualSegment::Port& receiver, Bytes frame);

    VirtualSegment& m_segment;
    VirtualSegment::Port& m_port;
    SeededRandom m_random;
    ByteVector m_frame;
    std::uint64_t m_overflowsBefore;
    LinkCounters m_counters;
};

/// Opens interfaces of one or more segments; their names must differ. The segments must outlive the factory.
class VirtualLinkFactory final : public LinkFactory {
public:
    explicit VirtualLinkFactory(std::vector<std::reference_wrapper<VirtualSegment>> segments)
        : m_segments(std::move(segments))
    {
    }

    /// An interface that is open already is InvalidArgument: it has one reader.
    [[nodiscard]] Result<std::unique_ptr<Link>, Error> open(const std::string& interface) override;

private:
    std::vector<std::reference_wrapper<VirtualSegment>> m_segments;
};

} // namespace fb::link
