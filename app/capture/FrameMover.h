// SPDX-License-Identifier: Apache-2.0
// Moves frames between one link and the client's socket, and counts what it could not move. Of a frame to be sent it
// checks that it is RoMON's, of a possible length, and comes from this interface's own address, so that whoever holds
// the other end of the socket can send nothing else with the helper's rights.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/base/MacAddress.h"
#include "core/link/CaptureProtocol.h"
#include "core/link/Link.h"
#include "core/runtime/Poller.h"

#include <memory>

namespace fb::capture {

enum class Ending {
    ClientClosed,
    InterfaceGone,
};

class FrameMover {
public:
    /// `own` is the only source address that outgoing frames may have.
    FrameMover(std::unique_ptr<link::Link> link, MacAddress own, FileDescriptor client);

    /// Until either side ends.
    [[nodiscard]] Ending run();

private:
    enum class Side { Goes, Ended };

    [[nodiscard]] Side moveToClient();
    [[nodiscard]] Side moveToLink();
    [[nodiscard]] bool mayBeSent(Bytes frame) const;
    void report();

    std::unique_ptr<link::Link> m_link;
    MacAddress m_own;
    FileDescriptor m_client;
    runtime::Poller m_poller;
    ByteVector m_frame;
    std::uint32_t m_refused = 0;    ///< from the client, not fit to be sent
    std::uint32_t m_overflowed = 0; ///< for the client, whose socket was full
    bool m_hasMore = false;         ///< the link may have frames that were not asked for yet
    link::CaptureReport m_reported;
};

} // namespace fb::capture
