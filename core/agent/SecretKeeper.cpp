// SPDX-License-Identifier: Apache-2.0
#include "core/agent/SecretKeeper.h"

#include "core/agent/SecretFile.h"

#include <utility>

namespace fb::agent {

Result<void, Error> SecretKeeper::keep(const SecretLists& lists) const
{
    return m_file.empty() ? Result<void, Error>{} : writeSecrets(m_file, lists);
}

Result<bool, Error> SecretKeeper::change(const SecretChange& change, std::optional<Duration> confirmWithin, Instant now)
{
    if (m_waiting)
        return failure(Error{ErrorCode::NotAllowed, "an earlier change of the secrets waits for its confirmation"});
    auto after = m_lists;
    auto differs = apply(change, after);
    if (!differs)
        return differs;
    if (!confirmWithin) {
        // Also without a difference: a file that was lost is there again.
        if (const auto kept = keep(after); !kept)
            return failure(kept.error());
    } else if (*differs) {
        m_waiting = Waiting{m_lists, now + *confirmWithin};
    }
    m_lists = std::move(after);
    return differs;
}

Result<void, Error> SecretKeeper::confirm()
{
    if (!m_waiting)
        return failure(Error{ErrorCode::InvalidArgument, "no change of the secrets waits for a confirmation"});
    if (auto kept = keep(m_lists); !kept)
        return kept;
    m_waiting.reset();
    return {};
}

bool SecretKeeper::putBack()
{
    if (!m_waiting)
        return false;
    m_lists = std::move(m_waiting->before);
    m_waiting.reset();
    return true;
}

void SecretKeeper::replace(SecretLists lists)
{
    m_waiting.reset();
    m_lists = std::move(lists);
}

bool SecretKeeper::advance(Instant now)
{
    return m_waiting && m_waiting->until <= now && putBack();
}

std::optional<Instant> SecretKeeper::nextDeadline() const
{
    return m_waiting ? std::optional(m_waiting->until) : std::nullopt;
}

} // namespace fb::agent
