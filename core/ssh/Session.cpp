// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Session.h"

#include "core/ssh/Mailbox.h"
#include "core/ssh/Worker.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <map>
#include <thread>

namespace fb::ssh {
namespace {

/// A socket to the ssh agent; not open if there is none that answers at once.
FileDescriptor connectToAgent(const Login& login)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (login.keys == Login::Keys::Skip || login.agentSocket.empty() ||
        login.agentSocket.size() >= sizeof address.sun_path)
        return {};
    std::ranges::copy(login.agentSocket, address.sun_path);
    FileDescriptor agent(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // The sockets API takes every family's address through this one type.
    if (::connect(agent.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return {};
    (void)::fcntl(agent.get(), F_SETFL, 0); // libssh expects it to block
    return agent;
}

} // namespace

class Session::Private {
public:
    Private(romon::RomonId device, FileDescriptor socket, Login login, KnownHosts knownHosts, TimeLimits limits);
    ~Private() { cancel(); }

    [[nodiscard]] std::size_t waitingCommands() const { return m_commandsPushed - m_mailbox.commandsTaken; }
    void submit(Command command);
    [[nodiscard]] ChannelId open(std::variant<OpenShell, OpenCommand> what);
    [[nodiscard]] Result<void, Error> write(ChannelId channel, ByteVector bytes);
    void release(ChannelId channel, std::size_t sizeBytes);
    void cancel();
    [[nodiscard]] std::optional<Event> nextEvent();
    [[nodiscard]] int pollDescriptor() const { return m_mailbox.events.pollDescriptor(); }

private:
    struct Flow {
        std::size_t unsent = 0;
        std::size_t released = 0; ///< not yet told to the worker
    };
    static constexpr std::size_t kWaitingReleasesMax = Mailbox::kCommandsMax / 4;
    static constexpr std::size_t kWaitingWritesMax = Mailbox::kCommandsMax / 2;

    void tellReleased();
    void note(const Event& event);

    Mailbox m_mailbox;
    FileDescriptor m_agent; ///< a second handle on libssh's agent socket, to end a wait for the agent
    std::uint64_t m_commandsPushed = 0;
    ChannelId m_lastChannel = 0;
    std::map<ChannelId, Flow> m_flows;
    std::jthread m_thread; ///< last: joins before anything it uses is gone
};

Session::Private::Private(romon::RomonId device, FileDescriptor socket, Login login, KnownHosts knownHosts,
                          TimeLimits limits)
{
    auto agent = connectToAgent(login);
    if (agent.isOpen())
        m_agent = FileDescriptor(::fcntl(agent.get(), F_DUPFD_CLOEXEC, 0));
    WorkerSetup setup{.device = device,
                      .socket = std::move(socket),
                      .agentSocket = std::move(agent),
                      .login = std::move(login),
                      .knownHosts = std::move(knownHosts),
                      .limits = limits};
    m_thread = std::jthread([this, moved = std::move(setup)]() mutable {
        Worker worker(std::move(moved), m_mailbox);
        worker.run();
    });
}

void Session::Private::submit(Command command)
{
    // Far more than a person or a program asks for between two turns of the worker: it is stuck, or flooded by a bug.
    if (waitingCommands() >= Mailbox::kCommandsMax)
        return cancel();
    const bool pushed = m_mailbox.commands.push(std::move(command));
    FB_ASSERT(pushed);
    ++m_commandsPushed;
}

ChannelId Session::Private::open(std::variant<OpenShell, OpenCommand> what)
{
    const auto channel = ++m_lastChannel;
    m_flows.emplace(channel, Flow{});
    submit(OpenChannel{channel, std::move(what)});
    return channel;
}

Result<void, Error> Session::Private::write(ChannelId channel, ByteVector bytes)
{
    const auto flow = m_flows.find(channel);
    if (flow == m_flows.end())
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = "channel " + std::to_string(channel)});
    if (bytes.size() > kUnsentBytesMax - flow->second.unsent || waitingCommands() >= kWaitingWritesMax)
        return failure(Error{.code = ErrorCode::LimitReached, .context = "channel " + std::to_string(channel)});
    flow->second.unsent += bytes.size();
    submit(WriteBytes{channel, std::move(bytes)});
    return {};
}

void Session::Private::release(ChannelId channel, std::size_t sizeBytes)
{
    const auto flow = m_flows.find(channel);
    if (flow == m_flows.end())
        return;
    flow->second.released += sizeBytes;
    tellReleased();
}

void Session::Private::tellReleased()
{
    for (auto& [channel, flow] : m_flows) {
        if (flow.released == 0)
            continue;
        if (waitingCommands() >= kWaitingReleasesMax)
            return; // the next event taken or bytes released tries again
        submit(ReleaseBytes{channel, std::exchange(flow.released, 0)});
    }
}

void Session::Private::cancel()
{
    m_mailbox.cancelled = true;
    m_mailbox.attention.raise();
    if (m_agent.isOpen())
        (void)::shutdown(m_agent.get(), SHUT_RDWR);
}

std::optional<Event> Session::Private::nextEvent()
{
    auto event = m_mailbox.events.pop();
    if (event) {
        ++m_mailbox.eventsTaken;
        note(*event);
    }
    tellReleased();
    if (event && m_mailbox.workerWaitsForRoom.exchange(false))
        m_mailbox.attention.raise();
    return event;
}

void Session::Private::note(const Event& event)
{
    if (const auto* written = std::get_if<ChannelWritten>(&event)) {
        if (const auto flow = m_flows.find(written->channel); flow != m_flows.end())
            flow->second.unsent -= written->sizeBytes;
    } else if (const auto* closed = std::get_if<ChannelClosed>(&event)) {
        m_flows.erase(closed->channel);
    } else if (std::holds_alternative<Ended>(event)) {
        m_flows.clear();
    }
}

Session::Session(romon::RomonId device, FileDescriptor socket, Login login, KnownHosts knownHosts, TimeLimits limits)
    : m_private(std::make_unique<Private>(device, std::move(socket), std::move(login), std::move(knownHosts), limits))
{
}

Session::~Session() = default;

void Session::answerHostKey(HostKeyAnswer answer)
{
    m_private->submit(AnswerHostKey{answer});
}

void Session::answerPassword(Secret password)
{
    m_private->submit(AnswerPassword{std::move(password)});
}

ChannelId Session::openShell(TerminalSize size, std::string terminalType)
{
    return m_private->open(OpenShell{size, std::move(terminalType)});
}

ChannelId Session::openCommand(std::string command)
{
    return m_private->open(OpenCommand{std::move(command)});
}

Result<void, Error> Session::write(ChannelId channel, ByteVector bytes)
{
    return m_private->write(channel, std::move(bytes));
}

void Session::endInput(ChannelId channel)
{
    m_private->submit(EndInput{channel});
}

void Session::resize(ChannelId channel, TerminalSize size)
{
    m_private->submit(ResizeTerminal{channel, size});
}

void Session::closeChannel(ChannelId channel)
{
    m_private->submit(CloseChannel{channel});
}

void Session::release(ChannelId channel, std::size_t sizeBytes)
{
    m_private->release(channel, sizeBytes);
}

void Session::cancel()
{
    m_private->cancel();
}

int Session::pollDescriptor() const
{
    return m_private->pollDescriptor();
}

std::optional<Event> Session::nextEvent()
{
    return m_private->nextEvent();
}

} // namespace fb::ssh
