// SPDX-License-Identifier: Apache-2.0
// The RoMON frames of one interface for a program without privileges: footbridge-capture opens the interface and moves
// the frames over a socket pair. When the helper ends, for whatever reason, the link is gone. Owns the helper process.
// Any one thread at a time.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/link/CaptureProtocol.h"
#include "core/link/Link.h"

#include <sys/types.h>

namespace fb::link {

/// A child process that is ended and waited for when this goes.
class HelperProcess {
public:
    explicit HelperProcess(pid_t process) : m_process(process) {}
    HelperProcess(HelperProcess&& other) noexcept;
    HelperProcess& operator=(HelperProcess&&) = delete;
    ~HelperProcess();

private:
    pid_t m_process;
};

class HelperLink final : public Link {
public:
    HelperLink(std::string interface, FileDescriptor socket, HelperProcess process);

    [[nodiscard]] int pollDescriptor() const override { return m_socket.get(); }
    [[nodiscard]] ReceiveOutcome receive(Bytes& frame) override;
    /// Sent: the helper has it. A frame that the helper then cannot send shows in counters() a little later.
    [[nodiscard]] SendOutcome send(Bytes frame) override;
    [[nodiscard]] LinkCounters counters() const override { return m_counters; }

private:
    void apply(const CaptureReport& report);
    [[nodiscard]] SendOutcome dropped();

    std::string m_interface;
    FileDescriptor m_socket;
    HelperProcess m_process;
    ByteVector m_frame;
    std::size_t m_frameBytesMax = 0; ///< by the MTU as it was when a frame last did not fit
    CaptureReport m_lastReport;
    LinkCounters m_counters;
};

class HelperLinkFactory final : public LinkFactory {
public:
    /// `helper` is the path of the footbridge-capture program.
    explicit HelperLinkFactory(std::string helper) : m_helper(std::move(helper)) {}

    /// Waits at most two seconds for the helper's word (TimedOut). ProtocolMismatch: the program is not ours, or it
    /// ended without a word. The rest as LinkFactory::open.
    [[nodiscard]] Result<std::unique_ptr<Link>, Error> open(const std::string& interface) override;

private:
    std::string m_helper;
};

} // namespace fb::link
