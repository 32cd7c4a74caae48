// SPDX-License-Identifier: Apache-2.0
#include "core/link/PcapLink.h"

#include "core/base/Assert.h"
#include "core/link/CarriedFrames.h"
#include "core/link/InterfaceFacts.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace fb::link {

namespace {

// Room for some hundred frames: a burst fits, and a link that nobody drains cannot hold seconds of stale frames.
constexpr int kRingBytes = 384 * 1024;

// Calls for nothing but frames too long to keep, in one receive(); the poll descriptor stays readable for the rest.
constexpr int kFetchesMax = 8;

// Without "inbound": libpcap 1.10 evaluates that word on the first ring slot in user space, where it always fails, so
// every handle would lose its first frame. The direction is set on the handle instead. The term also passes 802.1Q
// frames with this inner type, so whoever decodes has to look at the tag.
constexpr const char* kFilter = "ether proto 0x88bf";

Error activationError(int status, const std::string& interface, int systemErrno)
{
    const auto error = [&](ErrorCode code, int number) {
        return Error{.code = code, .context = interface, .systemErrno = number};
    };
    switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return error(ErrorCode::NoSuchInterface, 0);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return error(ErrorCode::NotPermitted, 0);
    case PCAP_ERROR_IFACE_NOT_UP:
        return error(ErrorCode::InterfaceDown, 0);
    default:
        return error(ErrorCode::SystemError, systemErrno);
    }
}

bool applyFilter(pcap_t* handle)
{
    bpf_program program{};
    if (pcap_compile(handle, &program, kFilter, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return false;
    const bool isSet = pcap_setfilter(handle, &program) == 0;
    pcap_freecode(&program);
    return isSet;
}

// Asks the interface for the group address without promiscuous mode: that one drowns a busy switch port's neighbor in
// foreign frames, and many wireless cards refuse it. The membership outlives the interface going down.
bool joinGroup(int descriptor, const std::string& interface)
{
    packet_mreq request{};
    request.mr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    request.mr_type = PACKET_MR_MULTICAST;
    request.mr_alen = static_cast<unsigned short>(kCarriedGroup.octets.size());
    std::ranges::copy(kCarriedGroup.octets, std::begin(request.mr_address));
    return ::setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request) == 0;
}

// The kernel shows a socket what others of this computer send. libpcap passes over it, for the price of a copy each.
bool ignoreOutgoing(int descriptor)
{
    const int on = 1;
    return ::setsockopt(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == 0;
}

// A socket that only sends on the interface of that descriptor (packet(7): protocol 0 receives nothing). The kernel
// wakes whoever waits on a socket for each frame that has left it: on the handle's own that is the poller, for nothing.
FileDescriptor openSender(int descriptor)
{
    sockaddr_ll address{};
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t length = sizeof address;
    FileDescriptor sender(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (!sender.isOpen() || ::getsockname(descriptor, generic, &length) != 0)
        return {};
    address.sll_protocol = 0;
    if (::bind(sender.get(), generic, sizeof address) != 0)
        return {};
    return sender;
}

} // namespace

void PcapLink::CloseHandle::operator()(pcap* handle) const
{
    pcap_close(handle);
}

PcapLink::PcapLink(Handle handle, FileDescriptor sender, std::size_t snapshotBytes)
    : m_handle(std::move(handle)),
      m_descriptor(pcap_get_selectable_fd(m_handle.get())),
      m_sender(std::move(sender)),
      m_frameBytesMax(snapshotBytes),
      m_fetched(kFramesPerFetch * snapshotBytes)
{
}

Result<std::unique_ptr<PcapLink>, Error> PcapLink::open(const std::string& interface)
{
    // libpcap also opens things that are no interface ("any", "usbmon0"): the kernel must know the name.
    const auto facts = readInterfaceFacts(interface);
    if (!facts)
        return failure(facts.error());
    const auto systemFailure = [&interface] {
        return failure(Error{.code = ErrorCode::SystemError, .context = interface, .systemErrno = errno});
    };
    std::array<char, PCAP_ERRBUF_SIZE> text{};
    Handle handle(pcap_create(interface.c_str(), text.data()));
    if (!handle)
        return systemFailure();
    const std::size_t snapshotBytes = frameBytesMax(facts->mtu) + wire::kVlanTagBytes;
    // Slots of the ring are as long as the snapshot, so a generous one would leave room for a few frames only.
    pcap_set_snaplen(handle.get(), static_cast<int>(snapshotBytes));
    pcap_set_buffer_size(handle.get(), kRingBytes);
    pcap_set_immediate_mode(handle.get(), 1);
    errno = 0;
    if (const int status = pcap_activate(handle.get()); status < 0)
        return failure(activationError(status, interface, errno));
    if (pcap_datalink(handle.get()) != DLT_EN10MB)
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = interface});
    if (pcap_setnonblock(handle.get(), 1, text.data()) != 0 || pcap_setdirection(handle.get(), PCAP_D_IN) != 0 ||
        !applyFilter(handle.get()) || !joinGroup(pcap_fileno(handle.get()), interface) ||
        !ignoreOutgoing(pcap_fileno(handle.get())))
        return systemFailure();
    auto sender = openSender(pcap_fileno(handle.get()));
    if (!sender.isOpen())
        return systemFailure();
    return std::unique_ptr<PcapLink>(new PcapLink(std::move(handle), std::move(sender), snapshotBytes));
}

// Copies, because libpcap hands the slot back to the kernel before its call returns: under a flood the kernel would
// write into a frame that is still being read, and what was checked would not be what is used.
void PcapLink::keepFrame(std::uint8_t* self, const pcap_pkthdr* header, const std::uint8_t* bytes)
{
    auto& link = *reinterpret_cast<PcapLink*>(self); // libpcap's only way to pass a context
    if (header->caplen != header->len || header->len > link.m_frameBytesMax) {
        ++link.m_counters.receivesDropped; // longer than the MTU was when the link was opened
        return;
    }
    auto* const place = link.m_fetched.data() + link.m_fetchedCount * link.m_frameBytesMax;
    std::copy_n(bytes, header->caplen, place);
    link.m_lengths[link.m_fetchedCount++] = header->caplen;
}

// Several frames a call. libpcap asks the kernel again when it finds its ring empty at the beginning of a call; a call
// that has brought fewer than it might has found it empty without.
ReceiveOutcome PcapLink::fetch()
{
    m_fetchedCount = 0;
    m_next = 0;
    for (int fetches = 0; fetches < kFetchesMax && m_fetchedCount == 0 && !m_isDrained; ++fetches) {
        const int taken =
            pcap_dispatch(m_handle.get(), kFramesPerFetch, keepFrame, reinterpret_cast<std::uint8_t*>(this));
        if (taken < 0)
            return ReceiveOutcome::LinkGone;
        m_isDrained = static_cast<std::size_t>(taken) < kFramesPerFetch; // also while the interface is down
    }
    return m_fetchedCount > 0 ? ReceiveOutcome::Frame : ReceiveOutcome::Empty;
}

ReceiveOutcome PcapLink::receive(Bytes& frame)
{
    if (m_next == m_fetchedCount) {
        const auto outcome = fetch();
        if (outcome != ReceiveOutcome::Frame) {
            m_isDrained = false;
            return outcome;
        }
    }
    frame = Bytes(m_fetched).subspan(m_next * m_frameBytesMax, m_lengths[m_next]);
    ++m_next;
    ++m_counters.framesReceived;
    return ReceiveOutcome::Frame;
}

SendOutcome PcapLink::send(Bytes frame)
{
    const auto attempt = [&] { return ::send(m_sender.get(), frame.data(), frame.size(), MSG_DONTWAIT); };
    auto sent = attempt();
    if (sent < 0 && errno == ENETDOWN)
        sent = attempt(); // the first answer may be the memory of an earlier time down
    if (sent >= 0) {
        ++m_counters.framesSent;
        return SendOutcome::Sent;
    }
    ++m_counters.sendsDropped;
    return errno == ENXIO || errno == ENODEV ? SendOutcome::LinkGone : SendOutcome::Dropped;
}

// One system call for all of them. sendmmsg(2) tells only how many were sent; why the next one was not, send() finds
// out.
SentFrames PcapLink::sendMany(std::span<const Bytes> frames)
{
    FB_ASSERT(frames.size() <= kFramesPerSend);
    std::array<iovec, kFramesPerSend> parts;
    std::array<mmsghdr, kFramesPerSend> messages;
    SentFrames sent;
    while (sent.count < frames.size()) {
        const auto left = frames.subspan(sent.count);
        int taken = 0;
        if (left.size() > 1) {
            for (std::size_t at = 0; at < left.size(); ++at) {
                // The kernel reads only; iovec is older than const.
                parts[at] = {.iov_base = const_cast<std::uint8_t*>(left[at].data()), .iov_len = left[at].size()};
                messages[at] = {};
                messages[at].msg_hdr.msg_iov = &parts[at];
                messages[at].msg_hdr.msg_iovlen = 1;
            }
            taken = ::sendmmsg(m_sender.get(), messages.data(), static_cast<unsigned>(left.size()), MSG_DONTWAIT);
        }
        if (taken > 0) {
            m_counters.framesSent += static_cast<std::uint64_t>(taken);
            sent.count += static_cast<std::size_t>(taken);
            continue;
        }
        sent.outcome = send(left.front());
        if (sent.outcome != SendOutcome::Sent)
            return sent;
        ++sent.count;
    }
    return sent;
}

LinkCounters PcapLink::counters() const
{
    LinkCounters counters = m_counters;
    pcap_stat statistics{};
    if (pcap_stats(m_handle.get(), &statistics) == 0)
        counters.receivesDropped += statistics.ps_drop;
    return counters;
}

Result<std::unique_ptr<Link>, Error> PcapLinkFactory::open(const std::string& interface)
{
    auto link = PcapLink::open(interface);
    if (!link)
        return failure(link.error());
    return std::unique_ptr<Link>(std::move(*link));
}

} // namespace fb::link
