// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/NodeAnswer.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

#include <algorithm>

namespace fb::overlay {

namespace {

constexpr std::uint8_t kQuestion = 1;
constexpr std::uint8_t kAnswer = 2;
constexpr std::size_t kTlvsMax = 32;
/// A hundred years: more is no uptime, and would overflow what is computed from it.
constexpr std::uint64_t kUptimeSecondsMax = 100ULL * 366 * 24 * 3600;

constexpr std::uint8_t kUptimeTag = 1;   ///< u64, seconds
constexpr std::uint8_t kServicesTag = 2; ///< u16 each
constexpr std::uint8_t kRoleTag = 3;     ///< u8: 0 leaf, 1 transit

bool readUptime(wire::Decoder& value, NodeAnswer& answer)
{
    std::uint64_t seconds = 0;
    value.integer(seconds);
    if (seconds > kUptimeSecondsMax)
        return false;
    answer.uptime = std::chrono::seconds(seconds);
    return true;
}

bool readServices(wire::Decoder& value, NodeAnswer& answer)
{
    if (value.remaining() > 2 * kServicesMax)
        return false;
    answer.services.resize(value.remaining() / 2);
    for (auto& service : answer.services)
        value.integer(service);
    std::ranges::sort(answer.services);
    answer.services.erase(std::unique(answer.services.begin(), answer.services.end()), answer.services.end());
    return true;
}

bool readRole(wire::Decoder& value, NodeAnswer& answer)
{
    std::uint8_t role = 0;
    value.integer(role);
    if (role > 1)
        return false;
    answer.role = role == 0 ? Role::Leaf : Role::Transit;
    return true;
}

struct Row {
    std::uint8_t tag;
    bool (*read)(wire::Decoder& value, NodeAnswer& answer);
};
constexpr std::array kRows{Row{kUptimeTag, readUptime}, Row{kServicesTag, readServices}, Row{kRoleTag, readRole}};

bool readTlv(wire::Decoder& decoder, NodeAnswer& answer)
{
    std::uint8_t tag = 0;
    std::uint8_t length = 0;
    decoder.integer(tag);
    decoder.integer(length);
    wire::Decoder value(decoder.take(length));
    if (!decoder.ok())
        return false;
    const auto row = std::ranges::find(kRows, tag, &Row::tag);
    if (row == kRows.end())
        return true;
    return row->read(value, answer) && value.ok() && value.remaining() == 0;
}

void writeHead(wire::Encoder& encoder, std::uint8_t kind, std::uint32_t nonce)
{
    encoder.integer(kind);
    encoder.zeros(1);
    encoder.integer(nonce);
}

} // namespace

ByteVector encodeNodeQuestion(const NodeQuestion& question)
{
    ByteVector payload;
    wire::Encoder encoder(payload);
    writeHead(encoder, kQuestion, question.nonce);
    return payload;
}

ByteVector encodeNodeAnswer(const NodeAnswer& answer)
{
    ByteVector payload;
    wire::Encoder encoder(payload);
    writeHead(encoder, kAnswer, answer.nonce);
    if (answer.uptime) {
        encoder.integer(kUptimeTag);
        encoder.integer(std::uint8_t{sizeof(std::uint64_t)});
        encoder.integer(static_cast<std::uint64_t>(answer.uptime->count()));
    }
    const std::size_t services = std::min(answer.services.size(), kServicesMax);
    encoder.integer(kServicesTag);
    encoder.integer(static_cast<std::uint8_t>(2 * services));
    for (std::size_t at = 0; at < services; ++at)
        encoder.integer(answer.services[at]);
    if (answer.role) {
        encoder.integer(kRoleTag);
        encoder.integer(std::uint8_t{1});
        encoder.integer(static_cast<std::uint8_t>(*answer.role == Role::Transit ? 1 : 0));
    }
    return payload;
}

std::optional<std::variant<NodeQuestion, NodeAnswer>> decodeNodeInformation(Bytes payload)
{
    wire::Decoder decoder(payload);
    std::uint8_t kind = 0;
    std::uint8_t reserved = 0;
    NodeAnswer answer;
    decoder.integer(kind);
    decoder.integer(reserved);
    decoder.integer(answer.nonce);
    if (!decoder.ok() || (kind != kQuestion && kind != kAnswer))
        return std::nullopt;
    if (kind == kQuestion)
        return NodeQuestion{.nonce = answer.nonce};
    for (std::size_t count = 0; decoder.remaining() > 0; ++count) {
        if (count == kTlvsMax || !readTlv(decoder, answer))
            return std::nullopt;
    }
    return answer;
}

} // namespace fb::overlay
