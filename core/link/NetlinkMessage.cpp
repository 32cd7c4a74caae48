// SPDX-License-Identifier: Apache-2.0
#include "core/link/NetlinkMessage.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <optional>

namespace fb::link {

namespace {

constexpr std::size_t kAlignment = 4;
constexpr std::size_t kMessageHeaderBytes = 16;
constexpr std::size_t kAttributeHeaderBytes = 4;

constexpr std::size_t aligned(std::size_t size)
{
    return (size + kAlignment - 1) / kAlignment * kAlignment;
}

/// Reads integers in the machine's byte order; a read past the end gives 0 and is remembered.
class NativeReader {
public:
    explicit NativeReader(Bytes in) : m_in(in) {}

    template <std::unsigned_integral Integer>
    Integer integer()
    {
        std::array<std::uint8_t, sizeof(Integer)> octets{};
        std::ranges::copy(take(octets.size()), octets.begin());
        return std::bit_cast<Integer>(octets);
    }

    Bytes take(std::size_t count)
    {
        if (count > m_in.size()) {
            m_ok = false;
            m_in = {};
            return {};
        }
        const Bytes taken = m_in.first(count);
        m_in = m_in.subspan(count);
        return taken;
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] std::size_t remaining() const { return m_in.size(); }

private:
    Bytes m_in;
    bool m_ok = true;
};

template <std::unsigned_integral Integer>
void append(ByteVector& out, Integer value)
{
    const auto octets = std::bit_cast<std::array<std::uint8_t, sizeof(Integer)>>(value);
    out.insert(out.end(), octets.begin(), octets.end());
}

struct Attribute {
    std::uint16_t type = 0;
    Bytes value;
};

/// The next attribute, or nothing at the end and when a length lies.
std::optional<Attribute> nextAttribute(NativeReader& reader)
{
    const auto length = reader.integer<std::uint16_t>();
    const auto type = static_cast<std::uint16_t>(reader.integer<std::uint16_t>() & NLA_TYPE_MASK);
    if (!reader.ok() || length < kAttributeHeaderBytes)
        return std::nullopt;
    const Bytes value = reader.take(length - kAttributeHeaderBytes);
    if (!reader.ok())
        return std::nullopt;
    static_cast<void>(reader.take(std::min(aligned(length) - length, reader.remaining())));
    return Attribute{.type = type, .value = value};
}

std::string zeroTerminated(Bytes value)
{
    return textOf({value.begin(), std::ranges::find(value, 0)});
}

std::string kindOf(Bytes linkInfo)
{
    NativeReader reader(linkInfo);
    while (const auto attribute = nextAttribute(reader)) {
        if (attribute->type == IFLA_INFO_KIND)
            return zeroTerminated(attribute->value);
    }
    return {};
}

std::optional<LinkRecord> decodeRecord(Bytes body)
{
    NativeReader reader(body);
    LinkRecord record;
    static_cast<void>(reader.take(2));
    record.hardwareType = reader.integer<std::uint16_t>();
    record.index = reader.integer<std::uint32_t>();
    record.flags = reader.integer<std::uint32_t>();
    static_cast<void>(reader.take(4));
    if (!reader.ok())
        return std::nullopt;
    while (const auto attribute = nextAttribute(reader)) {
        const Bytes value = attribute->value;
        if (attribute->type == IFLA_IFNAME)
            record.name = zeroTerminated(value);
        else if (attribute->type == IFLA_ADDRESS && value.size() == record.mac.octets.size())
            std::ranges::copy(value, record.mac.octets.begin());
        else if (attribute->type == IFLA_MTU)
            record.mtu = NativeReader(value).integer<std::uint32_t>();
        else if (attribute->type == IFLA_MASTER)
            record.masterIndex = NativeReader(value).integer<std::uint32_t>();
        else if (attribute->type == IFLA_LINKINFO)
            record.kind = kindOf(value);
    }
    return record;
}

} // namespace

ByteVector encodeLinkDumpRequest(std::uint32_t sequence)
{
    ByteVector request;
    append<std::uint32_t>(request, 40);
    append<std::uint16_t>(request, RTM_GETLINK);
    append<std::uint16_t>(request, NLM_F_REQUEST | NLM_F_DUMP);
    append<std::uint32_t>(request, sequence);
    append<std::uint32_t>(request, 0);
    request.insert(request.end(), 16, 0); // ifinfomsg: any family, any interface
    append<std::uint16_t>(request, 8);
    append<std::uint16_t>(request, IFLA_EXT_MASK);
    append<std::uint32_t>(request, RTEXT_FILTER_SKIP_STATS);
    return request;
}

void decodeLinkDump(Bytes datagram, std::uint32_t sequence, LinkDump& dump)
{
    NativeReader reader(datagram);
    while (reader.remaining() >= kMessageHeaderBytes) {
        const auto length = reader.integer<std::uint32_t>();
        const auto type = reader.integer<std::uint16_t>();
        const auto flags = reader.integer<std::uint16_t>();
        const auto itsSequence = reader.integer<std::uint32_t>();
        static_cast<void>(reader.take(4));
        if (length < kMessageHeaderBytes || length - kMessageHeaderBytes > reader.remaining()) {
            dump.isFailed = true;
            return;
        }
        const Bytes body = reader.take(length - kMessageHeaderBytes);
        static_cast<void>(reader.take(std::min(aligned(length) - length, reader.remaining())));
        if (itsSequence != sequence)
            continue;
        dump.isInterrupted = dump.isInterrupted || (flags & NLM_F_DUMP_INTR) != 0;
        dump.isFailed = dump.isFailed || type == NLMSG_ERROR;
        dump.isComplete = dump.isComplete || type == NLMSG_DONE;
        if (type != RTM_NEWLINK)
            continue;
        if (auto record = decodeRecord(body))
            dump.records.push_back(std::move(*record));
    }
}

} // namespace fb::link
