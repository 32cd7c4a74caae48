// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/Floor.h"

#include <pcap/pcap.h>

#include <stdexcept>

namespace fb::bench {

namespace {

constexpr int kFrameBytesMax = 1600;

struct CloseHandle {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using Handle = std::unique_ptr<pcap_t, CloseHandle>;

Handle open(const std::string& interface)
{
    std::array<char, PCAP_ERRBUF_SIZE> text{};
    Handle handle(pcap_create(interface.c_str(), text.data()));
    if (!handle)
        throw std::runtime_error(text.data());
    pcap_set_snaplen(handle.get(), kFrameBytesMax);
    pcap_set_promisc(handle.get(), 1);
    pcap_set_immediate_mode(handle.get(), 1);
    if (pcap_activate(handle.get()) < 0 || pcap_setnonblock(handle.get(), 1, text.data()) != 0 ||
        pcap_setdirection(handle.get(), PCAP_D_IN) != 0)
        throw std::runtime_error(interface + ": " + pcap_geterr(handle.get()));
    return handle;
}

class PcapFloor final : public Floor {
public:
    PcapFloor(const std::array<std::string, 2>& interfaces, Detour detour)
        : m_handles{open(interfaces[0]), open(interfaces[1])}, m_detour(std::move(detour))
    {
    }

    [[nodiscard]] std::array<int, 2> descriptors() const override
    {
        return {pcap_get_selectable_fd(m_handles[0].get()), pcap_get_selectable_fd(m_handles[1].get())};
    }

    void drain(std::size_t from) override
    {
        m_from = from;
        while (pcap_dispatch(m_handles[from].get(), -1, take, reinterpret_cast<std::uint8_t*>(this)) > 0) {
        }
    }

    void send(std::size_t to, Bytes frame) override
    {
        (void)pcap_inject(m_handles[to].get(), frame.data(), frame.size());
        ++m_forwarded;
    }

    [[nodiscard]] std::uint64_t forwarded() const override { return m_forwarded; }

private:
    static void take(std::uint8_t* self, const pcap_pkthdr* header, const std::uint8_t* bytes)
    {
        auto& floor = *reinterpret_cast<PcapFloor*>(self); // libpcap's only way to pass a context
        const Bytes frame(bytes, header->caplen);
        floor.m_touched = static_cast<std::uint8_t>(floor.m_touched ^ frame[0]);
        if (floor.m_detour)
            floor.m_detour(floor.m_from, frame);
        else
            floor.send(1 - floor.m_from, frame);
    }

    std::array<Handle, 2> m_handles;
    Detour m_detour;
    std::size_t m_from = 0;
    std::uint64_t m_forwarded = 0;
    volatile std::uint8_t m_touched = 0;
};

} // namespace

std::unique_ptr<Floor> Floor::overPcap(const std::array<std::string, 2>& interfaces, Detour detour)
{
    return std::make_unique<PcapFloor>(interfaces, std::move(detour));
}

} // namespace fb::bench
