// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Connect.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/Relay.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ostream>

namespace fb::cli {

namespace {

/// Silence shorter than this is not worth a line.
constexpr Duration kSilenceWorthALine = std::chrono::seconds(10);

/// What the agent says of a stream while its bytes move.
class StreamWatch {
public:
    StreamWatch(Context& context, agent::RequestId request, std::string label)
        : m_context(context), m_request(request), m_label(std::move(label))
    {
    }

    [[nodiscard]] Relay::Watched readEvents()
    {
        while (auto event = m_context.talk.service().nextEvent()) {
            if (const auto* lost = std::get_if<agent::ServiceLost>(&event->body)) {
                m_error = lost->error;
                return Relay::Watched::StreamIsOver;
            }
            if (event->request != m_request)
                continue;
            if (auto* ended = std::get_if<agent::StreamEnded>(&event->body)) {
                m_error = ended->error;
                return Relay::Watched::StreamIsOver;
            }
            if (const auto* silent = std::get_if<agent::StreamSilent>(&event->body))
                tellSilence(*silent);
        }
        return Relay::Watched::Nothing;
    }

    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

private:
    void tellSilence(const agent::StreamSilent& silent)
    {
        const auto seconds = [](Duration time) {
            return std::chrono::duration_cast<std::chrono::seconds>(time).count();
        };
        if (!m_saidSilent && silent.silentFor >= kSilenceWorthALine) {
            m_saidSilent = true;
            m_context.console.messages << "footbridgectl: " << m_label << " has not answered for "
                                       << seconds(silent.silentFor) << " s; the session ends after "
                                       << seconds(silent.limit) << " s" << std::endl;
        } else if (m_saidSilent && silent.silentFor == Duration{}) {
            m_saidSilent = false;
            m_context.console.messages << "footbridgectl: " << m_label << " answers again" << std::endl;
        }
    }

    Context& m_context;
    agent::RequestId m_request;
    std::string m_label;
    std::optional<Error> m_error;
    bool m_saidSilent = false;
};

Result<FileDescriptor, Error> waitForSocket(Context& context, agent::RequestId request)
{
    for (;;) {
        auto body = context.talk.answer(request, std::nullopt);
        if (!body)
            return failure(body.error());
        if (auto* opened = std::get_if<agent::StreamOpened>(&*body))
            return std::move(opened->socket);
        if (const auto* ended = std::get_if<agent::StreamEnded>(&*body))
            return failure(ended->error.value_or(Error{ErrorCode::ConnectionReset, ""}));
    }
}

} // namespace

Result<void, Error> passDescriptor(int socket, int descriptor)
{
    std::uint8_t byte = 0;
    iovec data{&byte, 1};
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    while (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
        if (errno != EINTR)
            return failure(Error{ErrorCode::SystemError, "passing the stream over standard output", errno});
    }
    return {};
}

ExitCode runConnect(Context& context, const ConnectCommand& command, const StandardStreams& streams)
{
    const bool passes = command.handover == ConnectCommand::Handover::PassDescriptor;
    if (passes && context.host == Context::Host::ThisProcess)
        return fail(context, Error{ErrorCode::AgentUnavailable, "--fdpass needs a running agent"}, "");
    const auto node =
        findNode(context.talk, command.node, Certainty::Heard, context.global.timeout.value_or(kLookupMax));
    if (!node)
        return fail(context, node.error(), command.node);
    const std::string label = node->label + ", service " + std::to_string(command.service);
    const auto lifetime = passes ? agent::OpenStream::Lifetime::Socket : agent::OpenStream::Lifetime::Request;
    const auto request = context.talk.submit(agent::OpenStream{node->id, command.service, lifetime});
    auto socket = waitForSocket(context, request);
    if (!socket)
        return fail(context, socket.error(), label);
    if (passes) {
        const auto passed = passDescriptor(streams.out, socket->get());
        return passed ? ExitCode::Ok : fail(context, passed.error(), label);
    }
    StreamWatch watch(context, request, label);
    Relay relay({streams.in, streams.out, std::move(*socket)});
    // Events may have come with the socket; their descriptor is level-triggered, so the relay sees them.
    relay.run(
        context.talk.service().pollDescriptor(), [&watch] { return watch.readEvents(); }, streams.interrupts);
    if (watch.error())
        return fail(context.console, Format::Text, *watch.error(), label);
    return ExitCode::Ok;
}

} // namespace fb::cli
