// SPDX-License-Identifier: Apache-2.0
// How the worker obeys the commands of the session's user.
#include "core/ssh/Worker.h"

namespace fb::ssh {
namespace {

constexpr int kCommandsPerTurn = 64;

} // namespace

void Worker::takeCommands()
{
    for (int turn = 0; turn < kCommandsPerTurn && !m_ended; ++turn) {
        if (!m_outbox.hasRoomForCommand())
            return;
        auto command = m_mailbox.commands.pop();
        if (!command)
            return;
        ++m_mailbox.commandsTaken;
        std::visit([this](auto&& value) { obey(std::move(value)); }, std::move(*command));
    }
}

void Worker::obey(AnswerHostKey command)
{
    if (m_phase != Phase::AskingHostKey)
        return;
    if (command.answer == HostKeyAnswer::Reject)
        return end(stageError(ErrorCode::Cancelled, Stage::HostKey, "the key was not accepted"));
    const auto pinned = m_setup.knownHosts.pin(m_setup.device, m_hostKey);
    if (!pinned.has_value()) { // going on unpinned would be a promise broken in silence
        auto error = pinned.error();
        error.context = std::string(nameOf(Stage::HostKey)) + ": " + error.context;
        return end(std::move(error));
    }
    startAuthentication();
}

void Worker::obey(AnswerPassword command)
{
    if (m_phase != Phase::AskingPassword)
        return;
    m_authenticator->answer(std::move(command.password));
    enter(Phase::Authenticating, m_setup.limits.authentication);
}

void Worker::obey(OpenChannel command)
{
    const auto id = command.channel;
    if (m_channels.size() >= Session::kChannelsMax) {
        m_outbox.publish(ChannelClosed{.channel = id,
                                       .exitStatus = {},
                                       .exitSignal = {},
                                       .error = stageError(ErrorCode::LimitReached, Stage::Ready, "open channels")});
        return;
    }
    m_channels.emplace(id, std::make_unique<Channel>(std::move(command)));
}

void Worker::obey(WriteBytes command)
{
    if (auto* channel = find(command.channel))
        channel->write(std::move(command.bytes));
}

void Worker::obey(EndInput command)
{
    if (auto* channel = find(command.channel))
        channel->endInput();
}

void Worker::obey(ResizeTerminal command)
{
    if (auto* channel = find(command.channel))
        channel->resize(command.size);
}

void Worker::obey(CloseChannel command)
{
    const auto entry = m_channels.find(command.channel);
    if (entry == m_channels.end())
        return;
    entry->second->close();
    if (m_phase != Phase::Ready && entry->second->work(m_connection.session(), m_outbox) == Channel::Progress::Over)
        m_channels.erase(entry); // it never began
}

void Worker::obey(ReleaseBytes command)
{
    if (auto* channel = find(command.channel))
        channel->release(command.sizeBytes);
}

Channel* Worker::find(ChannelId channel)
{
    const auto entry = m_channels.find(channel);
    return entry == m_channels.end() ? nullptr : entry->second.get(); // it may have ended meanwhile
}

} // namespace fb::ssh
