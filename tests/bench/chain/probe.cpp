// SPDX-License-Identifier: Apache-2.0
// Asks and floods along a chain, for tests/bench/bench_Forwarding.py and bench_RoundTrip.py: frames of the overlay with
// a source route from the command line, or UDP for the kernel's own forwarding. Prints one line of JSON.
#include "core/romon/Codec.h"
#include "core/runtime/SystemClock.h"
#include "core/wire/Ethernet.h"
#include "tests/bench/chain/PacketSocket.h"
#include "tests/bench/chain/RoundTripProbe.h"
#include "tests/bench/chain/RoutedFrame.h"

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <iostream>
#include <system_error>

using namespace fb;
using namespace fb::bench;

namespace {

constexpr std::size_t kBatch = 32;
constexpr std::size_t kEchoPayloadBytes = 32;
constexpr std::uint16_t kClientPort = 20000;
constexpr std::uint16_t kUdpPort = 7100;
constexpr romon::RomonId kClientId{{{2, 0, 0, 0, 1, 1}}};

struct Options {
    std::string interface;
    std::string mac;
    std::string target;
    std::vector<std::string> route;
    std::size_t frameBytes = 96;
    double seconds = 1;
    std::string address;
    RoundTripProbe::Plan plan;
};

RoutedFrame frameOf(const Options& options, std::uint16_t destinationPort)
{
    RoutedFrame frame{.source = kClientId,
                      .destination = romon::RomonId{parseMac(options.target)},
                      .sourceMac = parseMac(options.mac),
                      .route = {},
                      .sourcePort = kClientPort,
                      .destinationPort = destinationPort,
                      .payloadBytes = 0};
    for (const auto& hop : options.route)
        frame.route.push_back(parseHop(hop));
    return frame;
}

/// As many copies of one frame as the interface takes.
nlohmann::ordered_json flood(const Options& options)
{
    constexpr std::uint16_t kNobody = 9;
    RoutedFrame routed = frameOf(options, kNobody);
    const std::size_t overhead = routed.bytes().size();
    if (options.frameBytes < overhead)
        throw std::invalid_argument("such a frame has at least " + std::to_string(overhead) + " bytes");
    routed.payloadBytes = options.frameBytes - overhead;
    ByteVector frame = routed.bytes();
    iovec part{.iov_base = frame.data(), .iov_len = frame.size()};
    std::array<mmsghdr, kBatch> messages{};
    for (mmsghdr& message : messages) {
        message.msg_hdr.msg_iov = &part;
        message.msg_hdr.msg_iovlen = 1;
    }
    const auto socket = openPacketSocket(options.interface, kRomonEtherType);
    std::uint64_t sent = 0;
    const Instant begin = runtime::now();
    const Instant end = begin + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.seconds));
    Instant now = begin;
    for (; now < end; now = runtime::now()) {
        const int taken = ::sendmmsg(socket.get(), messages.data(), kBatch, 0);
        sent += static_cast<std::uint64_t>(std::max(taken, 0));
    }
    return {{"sent", sent}, {"seconds", std::chrono::duration<double>(now - begin).count()}};
}

nlohmann::ordered_json askOverlay(const Options& options)
{
    RoutedFrame routed = frameOf(options, romon::kPingPort);
    routed.payloadBytes = kEchoPayloadBytes;
    const auto socket = openPacketSocket(options.interface, kRomonEtherType);
    const auto isAnswer = [](Bytes message) {
        const auto frame = wire::decodeEthernet(message);
        if (!frame || !romon::looksLikeData(frame->payload))
            return false;
        const auto data = romon::viewData(frame->payload);
        return data && data->header.destination == kClientId && data->sourcePort == romon::kPingPort;
    };
    RoundTripProbe probe(socket.get(), routed.bytes(), isAnswer);
    if (!probe.waitForFarEnd())
        throw std::runtime_error("no answer along this route");
    return probe.measure(options.plan);
}

sockaddr_in udpAddress(const std::string& text)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kUdpPort);
    if (::inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1)
        throw std::invalid_argument(text + " is no address");
    return address;
}

FileDescriptor udpSocket()
{
    FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.isOpen())
        throw std::system_error(errno, std::generic_category(), "socket");
    return socket;
}

nlohmann::ordered_json askKernel(const Options& options)
{
    const auto socket = udpSocket();
    const auto address = udpAddress(options.address);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "connect");
    RoundTripProbe probe(socket.get(), ByteVector(kEchoPayloadBytes), [](Bytes) { return true; });
    if (!probe.waitForFarEnd())
        throw std::runtime_error("no answer from " + options.address);
    return probe.measure(options.plan);
}

/// Until it is ended.
void answerUdp(const Options& options)
{
    const auto socket = udpSocket();
    const auto address = udpAddress(options.address);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), "bind");
    std::cout << "ready" << std::endl;
    std::array<std::uint8_t, 2048> message{};
    for (;;) {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        auto* generic = reinterpret_cast<sockaddr*>(&from); // the socket API's cast
        const auto got = ::recvfrom(socket.get(), message.data(), message.size(), 0, generic, &size);
        if (got >= 0)
            (void)::sendto(socket.get(), message.data(), static_cast<std::size_t>(got), 0, generic, size);
    }
}

void addRoute(CLI::App& command, Options& options)
{
    command.add_option("interface", options.interface)->required();
    command.add_option("--mac", options.mac, "of the interface")->required();
    command.add_option("--target", options.target, "RoMON id")->required();
    command.add_option("--route", options.route, "LINK-ID/MAC of each hop")->required();
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("Frames along a chain of hops");
    Options options;
    app.require_subcommand(1);
    auto* floodCommand = app.add_subcommand("flood", "sends as fast as it can");
    addRoute(*floodCommand, options);
    floodCommand->add_option("--frame-bytes", options.frameBytes, "Ethernet header included");
    floodCommand->add_option("--seconds", options.seconds);
    auto* overlayCommand = app.add_subcommand("echo", "echoes of the overlay, one at a time");
    addRoute(*overlayCommand, options);
    overlayCommand->add_option("--count", options.plan.count);
    auto* kernelCommand = app.add_subcommand("udp", "UDP round trips, one at a time");
    kernelCommand->add_option("address", options.address)->required();
    kernelCommand->add_option("--count", options.plan.count);
    auto* answerCommand = app.add_subcommand("answer-udp", "answers them");
    answerCommand->add_option("address", options.address)->required();
    CLI11_PARSE(app, argc, argv);
    try {
        if (*answerCommand)
            answerUdp(options);
        std::cout << (*floodCommand     ? flood(options)
                      : *overlayCommand ? askOverlay(options)
                                        : askKernel(options))
                  << std::endl;
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << "probe: " << problem.what() << '\n';
        return 1;
    }
}
