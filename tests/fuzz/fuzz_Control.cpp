// SPDX-License-Identifier: Apache-2.0
// Hostile bytes on the control socket: no input crashes the framing or the decoding, and what decodes encodes to
// something that decodes to the same. Commands about secrets and path policies are carried out, as an agent would:
// whatever came before, its lists stay within their limits and its file can be read again.
#include "core/agent/CommandCheck.h"
#include "core/agent/Message.h"
#include "core/agent/MessageChannel.h"
#include "core/agent/PathPolicies.h"
#include "core/agent/SecretKeeper.h"
#include "core/agent/SocketPair.h"
#include "core/base/Assert.h"
#include "tests/fuzz/SameSecrets.h"

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

using namespace fb::agent;

namespace {

class Client {
public:
    void decodeText(std::string_view text)
    {
        const auto message = decodeMessage(text);
        if (!message)
            return;
        const auto once = encodeMessage(*message);
        const auto again = decodeMessage(once);
        FB_ASSERT(again.has_value());
        FB_ASSERT(encodeMessage(*again) == once);
        const auto* command = std::get_if<CommandMessage>(&*message);
        if (command != nullptr && checkCommand(command->command))
            std::visit([this](const auto& body) { carryOut(body); }, command->command);
    }

private:
    template <class Other>
    void carryOut(const Other&)
    {
    }

    void carryOut(const ChangeSecrets& command)
    {
        const auto before = m_keeper.lists();
        const auto changed = m_keeper.change(command.change, command.confirmWithin, m_now);
        const auto& after = m_keeper.lists();
        if (!changed || !*changed)
            FB_ASSERT(fb::fuzz::isSame(before.all, after.all) && before.ports.size() == after.ports.size());
        FB_ASSERT(scopesOf(after).size() == after.ports.size() + 1);
        fb::fuzz::checkFileOf(after);
    }

    void carryOut(const ConfirmSecrets& command)
    {
        const bool isWaiting = m_keeper.nextDeadline().has_value();
        const bool isDone =
            command.keep == ConfirmSecrets::Keep::Yes ? m_keeper.confirm().has_value() : m_keeper.putBack();
        FB_ASSERT(isDone == isWaiting && !m_keeper.nextDeadline());
    }

    /// The time to confirm passes.
    void carryOut(const GetStatistics&)
    {
        const auto deadline = m_keeper.nextDeadline();
        m_now = deadline.value_or(m_now);
        FB_ASSERT(m_keeper.advance(m_now) == deadline.has_value() && !m_keeper.nextDeadline());
        fb::fuzz::checkFileOf(m_keeper.lists());
    }

    void carryOut(const SetPathPolicy& command)
    {
        const auto set = m_policies.set(command.scope, command.policy);
        FB_ASSERT(m_policies.all().size() <= PathPolicies::kPoliciesMax);
        if (!set)
            return;
        const auto& node = command.scope.node;
        const auto effective = m_policies.effective(command.scope.session, node.value_or(fb::romon::RomonId{}));
        for (const auto& avoided : command.policy.avoidNodes)
            FB_ASSERT(std::ranges::find(effective.avoidNodes, avoided) != effective.avoidNodes.end());
        FB_ASSERT(command.policy.pin.empty() || effective.pin == command.policy.pin);
    }

    void carryOut(const ClearPathPolicy& command)
    {
        const auto before = m_policies.all().size();
        const bool wasSet = m_policies.clear(command.scope);
        FB_ASSERT(m_policies.all().size() + (wasSet ? 1 : 0) == before && !m_policies.clear(command.scope));
    }

    SecretKeeper m_keeper{{}, ""};
    PathPolicies m_policies;
    fb::Instant m_now{};
};

void readFramed(Client& client, const std::uint8_t* data, std::size_t size)
{
    auto pair = makeSocketPair();
    FB_ASSERT(pair.has_value());
    (void)::send(pair->theirs.get(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    pair->theirs.reset();
    MessageChannel channel(std::move(pair->ours), MessageChannel::Descriptors::Accept, {});
    for (;;) {
        const auto text = channel.receive();
        if (!text || !*text)
            return;
        client.decodeText(**text);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Client client;
    // The first byte chooses: texts by themselves, one a line, reach the decoder more often than those that need a
    // right length.
    if (size > 0 && data[0] == 0) {
        readFramed(client, data, size);
        return 0;
    }
    const auto text = fb::textOf(fb::Bytes(data, size));
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        client.decodeText(line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
    return 0;
}
