// SPDX-License-Identifier: Apache-2.0
#include "core/link/Link.h"

namespace fb::link {

SentFrames Link::sendMany(std::span<const Bytes> frames)
{
    SentFrames sent;
    while (sent.count < frames.size() && sent.outcome == SendOutcome::Sent) {
        sent.outcome = send(frames[sent.count]);
        if (sent.outcome == SendOutcome::Sent)
            ++sent.count;
    }
    return sent;
}

} // namespace fb::link
