// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/Worker.h"

#include "core/runtime/SystemClock.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>

namespace fb::ssh {
namespace {

enum Token : runtime::PollToken { kSocket, kCommands, kAttention };

} // namespace

Worker::Worker(WorkerSetup setup, Mailbox& mailbox)
    : m_setup(std::move(setup)),
      m_mailbox(mailbox),
      m_outbox(mailbox),
      m_start(runtime::now()),
      m_connection(std::move(m_setup.socket))
{
}

void Worker::run()
{
    // libssh writes without MSG_NOSIGNAL: a far end that went away must not end the whole program.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

    start();
    while (!m_ended)
        turn();
    m_channels.clear();
    m_connection.close();
}

void Worker::start()
{
    reach(Stage::KeyExchange);
    auto pinned = m_setup.knownHosts.find(m_setup.device);
    if (!pinned) {
        auto error = pinned.error();
        error.context = std::string(nameOf(Stage::HostKey)) + ": " + error.context;
        return end(std::move(error));
    }
    m_pinned = std::move(*pinned);
    const auto opened = m_connection.open(m_setup.device, m_setup.login.user, m_pinned);
    if (!opened.has_value())
        return end(opened.error());
    m_poller.add(m_connection.socket(), kSocket, runtime::Interest::ReadWrite);
    m_poller.add(m_mailbox.commands.pollDescriptor(), kCommands, runtime::Interest::Read);
    m_poller.add(m_mailbox.attention.pollDescriptor(), kAttention, runtime::Interest::Read);
    m_socketIsPolled = true;
    enter(Phase::Connecting, m_setup.limits.keyExchange);
}

void Worker::turn()
{
    if (m_mailbox.cancelled)
        return end(Error{.code = ErrorCode::Cancelled, .context = std::string(nameOf(stage()))});
    m_hasMoreToDo = false;
    takeCommands();
    const auto before = m_connection.activity();
    if (!m_ended)
        step();
    m_hasMoreToDo = m_hasMoreToDo || m_connection.activity() != before;
    if (!m_ended)
        endLateWork();
    if (!m_ended)
        wait();
}

void Worker::reach(Stage stage)
{
    m_outbox.publish(StageReached{.stage = stage, .elapsed = runtime::now() - m_start});
}

void Worker::enter(Phase phase, std::optional<Duration> limit)
{
    m_phase = phase;
    m_deadline = limit ? std::optional(runtime::now() + *limit) : std::nullopt;
}

void Worker::end(std::optional<Error> error)
{
    FB_ASSERT(!m_ended);
    m_ended = true;
    if (m_mailbox.cancelled) // whatever else failed because of that
        error = Error{.code = ErrorCode::Cancelled, .context = std::string(nameOf(stage()))};
    m_outbox.publish(Ended{std::move(error)});
}

Stage Worker::stage() const
{
    switch (m_phase) {
    case Phase::Connecting:
        return Stage::KeyExchange;
    case Phase::AskingHostKey:
        return Stage::HostKey;
    case Phase::Authenticating:
    case Phase::AskingPassword:
        return Stage::Authentication;
    case Phase::Ready:
        return Stage::Ready;
    }
    assertionFailed("a phase", __FILE__, __LINE__);
}

void Worker::step()
{
    switch (m_phase) {
    case Phase::Connecting:
        return connect();
    case Phase::Authenticating:
        return authenticate();
    case Phase::AskingHostKey:
    case Phase::AskingPassword:
        m_connection.pump();
        return noticeEndOfConnection();
    case Phase::Ready:
        m_connection.pump();
        workChannels();
        return noticeEndOfConnection();
    }
}

void Worker::connect()
{
    switch (m_connection.connect()) {
    case Connection::Progress::WaitsForFarEnd:
        return;
    case Connection::Progress::Failed:
        return end(libraryError(m_connection.session(), Stage::KeyExchange));
    case Connection::Progress::Done:
        return checkHostKey();
    }
}

void Worker::checkHostKey()
{
    reach(Stage::HostKey);
    auto key = m_connection.hostKey();
    if (!key)
        return end(libraryError(m_connection.session(), Stage::HostKey));
    m_hostKey = std::move(*key);

    const auto isThis = [this](const PinnedKey& pinned) { return pinned.key == m_hostKey; };
    const auto isRevoked = [](const PinnedKey& pinned) { return pinned.trust == PinnedKey::Trust::Revoked; };
    const bool revoked =
        std::ranges::any_of(m_pinned, [&](const PinnedKey& pinned) { return isThis(pinned) && isRevoked(pinned); });
    if (!revoked && std::ranges::any_of(m_pinned, isThis))
        return startAuthentication();
    if (!revoked && std::ranges::all_of(m_pinned, isRevoked)) {
        m_outbox.publish(HostKeyUnknown{.type = m_hostKey.type, .fingerprint = fingerprintOf(m_hostKey)});
        return enter(Phase::AskingHostKey, m_setup.limits.hostKeyAnswer);
    }
    // Also when only keys of another type are pinned: they were asked for first, so the device no longer has them.
    HostKeyChanged changed{.type = m_hostKey.type,
                           .expected = {},
                           .received = fingerprintOf(m_hostKey),
                           .file = m_setup.knownHosts.path(),
                           .line = m_pinned.front().line};
    for (const auto& pinned : m_pinned) {
        if (!isRevoked(pinned))
            changed.expected.push_back(fingerprintOf(pinned.key));
    }
    m_outbox.publish(std::move(changed));
    end(stageError(ErrorCode::HostKeyChanged, Stage::HostKey,
                   m_setup.knownHosts.path() + " line " + std::to_string(m_pinned.front().line)));
}

void Worker::startAuthentication()
{
    reach(Stage::Authentication);
    auto agent = Authenticator::Agent::Absent;
    if (m_setup.agentSocket.isOpen()) {
        m_connection.useAgent(std::move(m_setup.agentSocket));
        agent = Authenticator::Agent::Present;
    }
    m_authenticator.emplace(m_connection.session(), std::move(m_setup.login), agent);
    enter(Phase::Authenticating, m_setup.limits.authentication);
    m_hasMoreToDo = true;
}

void Worker::authenticate()
{
    switch (m_authenticator->step()) {
    case Authenticator::Progress::WaitsForFarEnd:
        return noticeEndOfConnection();
    case Authenticator::Progress::WaitsForAnswer:
        m_outbox.publish(m_authenticator->question());
        return enter(Phase::AskingPassword, m_setup.limits.passwordAnswer);
    case Authenticator::Progress::Failed:
        return end(m_authenticator->error());
    case Authenticator::Progress::Done:
        m_authenticator.reset();
        reach(Stage::Ready);
        m_hasMoreToDo = true; // channels may have been asked for
        return enter(Phase::Ready, std::nullopt);
    }
}

void Worker::workChannels()
{
    for (auto entry = m_channels.begin(); entry != m_channels.end();) {
        auto& channel = *entry->second;
        if (!channel.openingDeadline)
            channel.openingDeadline = runtime::now() + m_setup.limits.channelOpening;
        const auto progress = channel.work(m_connection.session(), m_outbox);
        m_hasMoreToDo = m_hasMoreToDo || progress == Channel::Progress::HasMoreToDo;
        entry = progress == Channel::Progress::Over ? m_channels.erase(entry) : std::next(entry);
    }
}

void Worker::noticeEndOfConnection()
{
    if (m_ended || m_connection.isConnected())
        return;
    if (m_socketIsPolled) // it is readable for ever now
        m_poller.remove(m_connection.socket());
    m_socketIsPolled = false;
    // What came before the end is still delivered, as fast as it is released.
    if (std::ranges::any_of(m_channels, [](const auto& entry) { return entry.second->hasUnreadData(); }))
        return;
    if (m_phase == Phase::Ready && m_connection.wasEndedByFarEnd())
        return end(std::nullopt);
    end(libraryError(m_connection.session(), stage()));
}

void Worker::endLateWork()
{
    const auto now = runtime::now();
    if (m_deadline && *m_deadline <= now)
        return end(stageError(ErrorCode::TimedOut, stage(), ""));
    for (auto entry = m_channels.begin(); entry != m_channels.end();) {
        auto& channel = *entry->second;
        if (channel.isOpening() && channel.openingDeadline && *channel.openingDeadline <= now) {
            channel.failOpening(stageError(ErrorCode::TimedOut, Stage::Ready, "opening a channel"), m_outbox);
            entry = m_channels.erase(entry);
        } else {
            ++entry;
        }
    }
}

std::optional<Instant> Worker::nextDeadline() const
{
    auto next = m_deadline;
    for (const auto& [id, channel] : m_channels) {
        const auto deadline = channel->isOpening() ? channel->openingDeadline : std::nullopt;
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

void Worker::wait()
{
    if (m_socketIsPolled)
        m_poller.change(m_connection.socket(), kSocket, m_connection.interest());
    m_poller.change(m_mailbox.commands.pollDescriptor(), kCommands,
                    m_outbox.hasRoomForCommand() ? runtime::Interest::Read : runtime::Interest::None);
    for (const auto& ready : m_poller.wait(m_hasMoreToDo ? runtime::now() : nextDeadline())) {
        if (ready.token == kAttention)
            m_mailbox.attention.lower();
    }
}

} // namespace fb::ssh
