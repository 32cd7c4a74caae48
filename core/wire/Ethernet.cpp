// SPDX-License-Identifier: Apache-2.0
#include "core/wire/Ethernet.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

namespace fb::wire {

Result<EthernetFrame, EthernetError> decodeEthernet(Bytes frame)
{
    Decoder decoder(frame);
    EthernetHeader header;
    decoder.mac(header.destination);
    decoder.mac(header.source);
    decoder.integer(header.etherType);
    if (header.etherType == kEtherTypeServiceVlan)
        return failure(EthernetError::Tagged);
    if (header.etherType == kEtherTypeVlan) {
        std::uint16_t tag = 0;
        decoder.integer(tag);
        decoder.integer(header.etherType);
        constexpr std::uint16_t kVlanIdMask = 0x0fff;
        if (decoder.ok() && (tag & kVlanIdMask) != 0)
            return failure(EthernetError::Tagged);
    }
    if (!decoder.ok())
        return failure(EthernetError::Truncated);
    return EthernetFrame{.header = header, .payload = decoder.rest()};
}

void encodeEthernet(const EthernetHeader& header, ByteVector& out)
{
    Encoder encoder(out);
    encoder.mac(header.destination);
    encoder.mac(header.source);
    encoder.integer(header.etherType);
}

} // namespace fb::wire
