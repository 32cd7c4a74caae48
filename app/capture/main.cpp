// SPDX-License-Identifier: Apache-2.0
// footbridge-capture: the only privileged program of a workstation. It opens one interface for RoMON frames, gives up
// every right it has, and moves those frames over the socket it was started with.
#include "app/capture/FrameMover.h"
#include "app/capture/Privileges.h"
#include "core/link/InterfaceFacts.h"
#include "core/link/PcapLink.h"

#include <sys/socket.h>

#include <iostream>
#include <span>
#include <string>

namespace {

using namespace fb;

enum ExitCode : int { kEnded = 0, kNotOpened = 1, kWrongUse = 2, kInterfaceGone = 3 };

constexpr std::string_view kHelp =
    "usage: footbridge-capture INTERFACE\n"
    "\n"
    "Moves the RoMON frames (EtherType 0x88bf) of one Ethernet interface over the socket\n"
    "that it inherits as descriptor 3, and nothing else. Footbridge starts it by itself;\n"
    "there is nothing to be gained from starting it by hand.\n"
    "\n"
    "  --help       this text\n"
    "  --version    the version\n"
    "\n"
    "It needs the capability cap_net_raw to open the interface:\n"
    "  setcap cap_net_raw+ep footbridge-capture\n";

bool isClientSocket(int descriptor)
{
    int type = 0;
    int domain = 0;
    socklen_t size = sizeof(int);
    return ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET &&
           ::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

void tellClient(const Result<void, Error>& opened)
{
    const ByteVector line = link::encodeCaptureStatus(opened);
    static_cast<void>(::send(link::kCaptureDescriptor, line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
}

/// Everything that may fail, in the order that keeps the rights small; a mover that is ready to run, or why there is
/// none.
Result<std::unique_ptr<capture::FrameMover>, Error> prepare(const std::string& interface)
{
    if (const auto kept = capture::keepOnlyNetRaw(); !kept)
        return failure(kept.error());
    auto opened = link::PcapLink::open(interface);
    if (!opened)
        return failure(opened.error());
    const auto facts = link::readInterfaceFacts(interface);
    if (!facts)
        return failure(facts.error());
    auto mover =
        std::make_unique<capture::FrameMover>(std::move(*opened), facts->mac, FileDescriptor(link::kCaptureDescriptor));
    if (const auto dropped = capture::dropEverything(); !dropped)
        return failure(dropped.error());
    return mover;
}

int serve(const std::string& interface)
{
    const auto mover = prepare(interface);
    if (!mover) {
        tellClient(failure(mover.error()));
        std::cerr << "footbridge-capture: " << describe(mover.error()) << '\n';
        return kNotOpened;
    }
    tellClient({});
    return (*mover)->run() == capture::Ending::InterfaceGone ? kInterfaceGone : kEnded;
}

} // namespace

int main(int argc, char** argv)
{
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    const std::string first = arguments.size() == 2 ? arguments[1] : "";
    if (first == "--help" || first == "-h") {
        std::cout << kHelp;
        return kEnded;
    }
    if (first == "--version") {
        std::cout << "footbridge-capture " FB_VERSION "\n";
        return kEnded;
    }
    if (first.empty() || first.starts_with('-')) {
        std::cerr << kHelp;
        return kWrongUse;
    }
    if (!isClientSocket(link::kCaptureDescriptor)) {
        std::cerr << "footbridge-capture: descriptor 3 is not the socket of a Footbridge program.\n"
                     "Footbridge starts this helper by itself; see footbridge-capture(8).\n";
        return kWrongUse;
    }
    return serve(first);
}
