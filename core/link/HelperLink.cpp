// SPDX-License-Identifier: Apache-2.0
#include "core/link/HelperLink.h"

#include "core/link/CarriedFrames.h"
#include "core/link/InterfaceFacts.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace fb::link {

namespace {

constexpr int kStatusTimeoutMs = 2000;
constexpr std::size_t kStatusBytesMax = 128;

// Reports that one call of receive() passes over before it says that there is no frame now.
constexpr int kReportsMax = 16;

// The helper gets the socket, our stderr for its complaints, and nothing else: no environment, no other descriptor.
Result<HelperProcess, Error> startHelper(const std::string& helper, const std::string& interface, int socket)
{
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, socket, kCaptureDescriptor);
    posix_spawn_file_actions_addclosefrom_np(&actions, kCaptureDescriptor + 1);
    std::string program = helper;
    std::string argument = interface;
    const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    pid_t process = 0;
    const int status = ::posix_spawn(&process, helper.c_str(), &actions, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0)
        return failure(Error{.code = status == EACCES ? ErrorCode::NotPermitted : ErrorCode::SystemError,
                             .context = helper,
                             .systemErrno = status});
    return HelperProcess(process);
}

Result<void, Error> waitForStatus(int socket, const std::string& helper, const std::string& interface)
{
    pollfd waited{.fd = socket, .events = POLLIN, .revents = 0};
    int ready = -1;
    do {
        ready = ::poll(&waited, 1, kStatusTimeoutMs);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return failure(Error{.code = ErrorCode::TimedOut, .context = helper});
    std::array<std::uint8_t, kStatusBytesMax> line{};
    const ssize_t got = ::recv(socket, line.data(), line.size(), MSG_DONTWAIT);
    return decodeCaptureStatus(Bytes(line).first(got > 0 ? static_cast<std::size_t>(got) : 0), interface);
}

} // namespace

HelperProcess::HelperProcess(HelperProcess&& other) noexcept : m_process(std::exchange(other.m_process, 0)) {}

HelperProcess::~HelperProcess()
{
    if (m_process == 0)
        return;
    // It holds nothing that would want to be put in order, and nothing it might be doing may make us wait.
    ::kill(m_process, SIGKILL);
    while (::waitpid(m_process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

HelperLink::HelperLink(std::string interface, FileDescriptor socket, HelperProcess process)
    : m_interface(std::move(interface)),
      m_socket(std::move(socket)),
      m_process(std::move(process)),
      m_frame(kFrameBytesMax + wire::kVlanTagBytes)
{
}

ReceiveOutcome HelperLink::receive(Bytes& frame)
{
    for (int reports = 0; reports < kReportsMax; ++reports) {
        const ssize_t got = ::recv(m_socket.get(), m_frame.data(), m_frame.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return ReceiveOutcome::Empty;
        if (got <= 0)
            return ReceiveOutcome::LinkGone;
        const Bytes packet = Bytes(m_frame).first(static_cast<std::size_t>(got));
        if (packet.size() >= wire::kEthernetHeaderBytes) {
            ++m_counters.framesReceived;
            frame = packet;
            return ReceiveOutcome::Frame;
        }
        if (const auto report = decodeCaptureReport(packet))
            apply(*report);
    }
    return ReceiveOutcome::Empty;
}

void HelperLink::apply(const CaptureReport& report)
{
    m_counters.sendsDropped += report.sendsDropped - m_lastReport.sendsDropped;
    m_counters.receivesDropped += report.receivesDropped - m_lastReport.receivesDropped;
    m_lastReport = report;
}

SendOutcome HelperLink::send(Bytes frame)
{
    if (frame.size() > m_frameBytesMax) {
        const auto facts = readInterfaceFacts(m_interface);
        if (!facts) {
            ++m_counters.sendsDropped;
            return SendOutcome::LinkGone;
        }
        m_frameBytesMax = frameBytesMax(facts->mtu);
    }
    if (frame.size() < wire::kEthernetHeaderBytes || frame.size() > m_frameBytesMax)
        return dropped();
    const ssize_t sent = ::send(m_socket.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
        ++m_counters.framesSent;
        return SendOutcome::Sent;
    }
    if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN) {
        ++m_counters.sendsDropped;
        return SendOutcome::LinkGone;
    }
    return dropped();
}

SendOutcome HelperLink::dropped()
{
    ++m_counters.sendsDropped;
    return SendOutcome::Dropped;
}

Result<std::unique_ptr<Link>, Error> HelperLinkFactory::open(const std::string& interface)
{
    // A name that is no interface is not worth a process, and must not reach the helper as an option.
    if (const auto facts = readInterfaceFacts(interface); !facts)
        return failure(facts.error());
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0)
        return failure(Error{.code = ErrorCode::SystemError, .context = m_helper, .systemErrno = errno});
    FileDescriptor ours(pair[0]);
    FileDescriptor theirs(pair[1]);
    auto process = startHelper(m_helper, interface, theirs.get());
    if (!process)
        return failure(process.error());
    theirs.reset();
    if (const auto opened = waitForStatus(ours.get(), m_helper, interface); !opened)
        return failure(opened.error());
    return std::unique_ptr<Link>(std::make_unique<HelperLink>(interface, std::move(ours), std::move(*process)));
}

} // namespace fb::link
