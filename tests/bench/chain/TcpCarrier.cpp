// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/TcpCarrier.h"

#include "core/runtime/SystemClock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace fb::bench {

namespace {

constexpr std::uint16_t kFirstPort = 7200;

/// Nothing works without its sockets, so a benchmark may end here.
int checked(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

FileDescriptor makeSocket(const std::string& congestionControl)
{
    FileDescriptor socket(checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
    const int on = 1;
    checked(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
    checked(::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    checked(::setsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, congestionControl.c_str(),
                         static_cast<socklen_t>(congestionControl.size())),
            "TCP_CONGESTION");
    return socket;
}

sockaddr_in addressOf(const std::string& address, std::size_t channel)
{
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(static_cast<std::uint16_t>(kFirstPort + channel));
    if (::inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
        throw std::invalid_argument(address + " is no address");
    return result;
}

} // namespace

TcpCarrier::TcpCarrier(Side side, const std::string& address, const std::string& congestionControl)
{
    for (std::size_t channel = 0; channel < m_pipes.size(); ++channel) {
        const sockaddr_in target = addressOf(address, channel);
        const auto* generic = reinterpret_cast<const sockaddr*>(&target); // the socket API's cast
        Pipe& pipe = m_pipes[channel];
        auto socket = makeSocket(congestionControl);
        if (side == Side::Client) {
            if (::connect(socket.get(), generic, sizeof target) != 0 && errno != EINPROGRESS)
                checked(-1, "connect");
            pipe.socket = std::move(socket);
        } else {
            checked(::bind(socket.get(), generic, sizeof target), "bind");
            checked(::listen(socket.get(), 1), "listen");
            pipe.listener = std::move(socket);
        }
    }
}

bool TcpCarrier::isOpen() const
{
    return std::ranges::all_of(m_pipes, &Pipe::isOpen);
}

void TcpCarrier::turn(Instant until)
{
    std::array<pollfd, 2> queries{};
    for (std::size_t channel = 0; channel < m_pipes.size(); ++channel) {
        const Pipe& pipe = m_pipes[channel];
        const bool isListening = pipe.socket.get() < 0;
        queries[channel].fd = isListening ? pipe.listener.get() : pipe.socket.get();
        queries[channel].events = !isListening && (!pipe.isOpen || pipe.isFull) ? POLLIN | POLLOUT : POLLIN;
    }
    const auto left = std::max(until - runtime::now(), Duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec wait{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
    if (::ppoll(queries.data(), queries.size(), &wait, nullptr) <= 0)
        return;
    for (std::size_t channel = 0; channel < m_pipes.size(); ++channel) {
        if (!m_pipes[channel].isOpen && queries[channel].revents != 0)
            settle(m_pipes[channel]);
    }
}

/// The descriptor of a pipe that is not open yet is ready.
void TcpCarrier::settle(Pipe& pipe)
{
    if (pipe.socket.get() < 0) {
        pipe.socket = FileDescriptor(::accept4(pipe.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        pipe.isOpen = pipe.socket.get() >= 0;
        return;
    }
    int error = 0;
    socklen_t size = sizeof error;
    checked(::getsockopt(pipe.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size), "SO_ERROR");
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "connect");
    pipe.isOpen = true;
}

std::size_t TcpCarrier::write(Channel channel, Bytes bytes)
{
    Pipe& pipe = pipeOf(channel);
    const auto sent = ::send(pipe.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    const auto taken = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    pipe.isFull = taken < bytes.size();
    return taken;
}

std::size_t TcpCarrier::read(Channel channel, std::span<std::uint8_t> into)
{
    Pipe& pipe = pipeOf(channel);
    const auto got = ::recv(pipe.socket.get(), into.data(), into.size(), MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        pipe.isOpen = false;
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
}

nlohmann::ordered_json TcpCarrier::statistics() const
{
    tcp_info info{};
    socklen_t size = sizeof info;
    const int copy = m_pipes[static_cast<std::size_t>(Channel::Copy)].socket.get();
    if (::getsockopt(copy, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return nlohmann::ordered_json::object();
    return {{"retransmitted segments", info.tcpi_total_retrans}, {"rtt, us", info.tcpi_rtt}};
}

void TcpCarrier::close()
{
    // Without this the kernel would go on sending what is queued while the next run is measured.
    const linger atOnce{.l_onoff = 1, .l_linger = 0};
    for (Pipe& pipe : m_pipes) {
        if (pipe.socket.get() >= 0)
            (void)::setsockopt(pipe.socket.get(), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        pipe.socket = FileDescriptor();
        pipe.isOpen = false;
    }
}

} // namespace fb::bench
