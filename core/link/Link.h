// SPDX-License-Identifier: Apache-2.0
// A way to send and receive the RoMON frames of one interface. A link never blocks and never queues: what cannot be
// sent right now is dropped and counted, because the overlay expects loss.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/MacAddress.h"
#include "core/base/Result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fb::link {

enum class SendOutcome {
    Sent,
    Dropped,  ///< no room, too large, or the interface is down at the moment; counted
    LinkGone, ///< the interface does not exist any more: close this link
};

enum class ReceiveOutcome {
    Frame, ///< `frame` holds one, Ethernet header included
    Empty, ///< nothing now
    LinkGone,
};

struct LinkCounters {
    std::uint64_t framesSent = 0;
    std::uint64_t framesReceived = 0;
    std::uint64_t sendsDropped = 0;
    std::uint64_t receivesDropped = 0; ///< by the kernel, because the ring was full
};

struct SentFrames {
    std::size_t count = 0;                   ///< that were sent
    SendOutcome outcome = SendOutcome::Sent; ///< of the one after them, if there is one
};

class Link {
public:
    /// Frames of one sendMany(): more per system call bring nothing (measured).
    static constexpr std::size_t kFramesPerSend = 32;

    virtual ~Link() = default;

    /// Readable when frames wait; to be polled, never read. A link may have taken frames from where poll sees them: who
    /// stops before receive() is Empty calls it again without waiting.
    [[nodiscard]] virtual int pollDescriptor() const = 0;
    /// The next frame; the view is valid until the next call on this link.
    [[nodiscard]] virtual ReceiveOutcome receive(Bytes& frame) = 0;
    [[nodiscard]] virtual SendOutcome send(Bytes frame) = 0;
    /// Sends in order until one is not Sent; that one and those after it are left to the caller. At most kFramesPerSend
    /// frames.
    [[nodiscard]] virtual SentFrames sendMany(std::span<const Bytes> frames);
    [[nodiscard]] virtual LinkCounters counters() const = 0;
};

/// Opens links by interface name: libpcap, the capture helper, or a test's virtual segment.
class LinkFactory {
public:
    virtual ~LinkFactory() = default;
    /// Fails with NoSuchInterface, InterfaceDown (try again when it is up), NotPermitted or SystemError.
    [[nodiscard]] virtual Result<std::unique_ptr<Link>, Error> open(const std::string& interface) = 0;
};

/// An interface of this machine that could carry the overlay.
struct Interface {
    std::string name;
    MacAddress mac;
    std::uint16_t mtu = 0; ///< the interface's MTU: payload bytes after the Ethernet header
    bool isUp = false;     ///< administratively up and with carrier
    bool isWireless = false;
    std::string bridge; ///< the bridge it is a member of; empty if none

    friend bool operator==(const Interface&, const Interface&) = default;
};

/// Tells which Ethernet-like interfaces there are, and when that changes.
class InterfaceMonitor {
public:
    virtual ~InterfaceMonitor() = default;
    /// Readable when refresh() would find something new.
    [[nodiscard]] virtual int pollDescriptor() const = 0;
    /// Reads what is new; the list is ascending by name.
    [[nodiscard]] virtual const std::vector<Interface>& refresh() = 0;
};

} // namespace fb::link
