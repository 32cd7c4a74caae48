// SPDX-License-Identifier: Apache-2.0
// The RoMON frames of one real interface, by libpcap: immediate mode, a kernel filter on the EtherType, incoming frames
// only, a small ring. Needs CAP_NET_RAW to open and nothing afterwards. The same link serves an interface that goes
// down and comes back; one that was deleted is gone for good, even if its name returns. Any one thread at a time.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/link/Link.h"

#include <array>
#include <cstddef>

struct pcap; // pcap_t, so that nobody who includes this needs pcap.h
struct pcap_pkthdr;

namespace fb::link {

class PcapLink final : public Link {
public:
    /// Takes 10 to 16 ms (the kernel waits for RCU while it sets the ring up): not for the middle of a busy loop.
    /// InvalidArgument: not an Ethernet interface. The rest as LinkFactory::open.
    [[nodiscard]] static Result<std::unique_ptr<PcapLink>, Error> open(const std::string& interface);

    ~PcapLink() override = default;
    [[nodiscard]] int pollDescriptor() const override { return m_descriptor; }
    [[nodiscard]] ReceiveOutcome receive(Bytes& frame) override;
    [[nodiscard]] SendOutcome send(Bytes frame) override;
    [[nodiscard]] SentFrames sendMany(std::span<const Bytes> frames) override;
    [[nodiscard]] LinkCounters counters() const override;

private:
    struct CloseHandle {
        void operator()(pcap* handle) const;
    };
    using Handle = std::unique_ptr<pcap, CloseHandle>;

    PcapLink(Handle handle, FileDescriptor sender, std::size_t snapshotBytes);
    static void keepFrame(std::uint8_t* self, const pcap_pkthdr* header, const std::uint8_t* bytes);
    [[nodiscard]] ReceiveOutcome fetch();

    static constexpr std::size_t kFramesPerFetch = 4;

    Handle m_handle;
    int m_descriptor;
    FileDescriptor m_sender;     ///< never blocks: a full device queue must not stop the whole node
    std::size_t m_frameBytesMax; ///< of the longest frame the handle delivers
    ByteVector m_fetched;        ///< so many bytes for each frame of a fetch
    std::array<std::size_t, kFramesPerFetch> m_lengths{};
    std::size_t m_fetchedCount = 0;
    std::size_t m_next = 0; ///< of those fetched
    bool m_isDrained = false;
    LinkCounters m_counters;
};

class PcapLinkFactory final : public LinkFactory {
public:
    [[nodiscard]] Result<std::unique_ptr<Link>, Error> open(const std::string& interface) override;
};

} // namespace fb::link
