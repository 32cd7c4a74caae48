// SPDX-License-Identifier: Apache-2.0
// The secrets of a running node: what changes them, where they are kept, and the change that is put back unless it is
// confirmed in time, so that no node is lost by a secret that nobody else has. One thread.
#pragma once

#include "core/agent/SecretLists.h"

#include <optional>
#include <string>

namespace fb::agent {

class SecretKeeper {
public:
    /// An empty file name: they live as long as this does.
    SecretKeeper(SecretLists lists, std::string file) : m_lists(std::move(lists)), m_file(std::move(file)) {}

    [[nodiscard]] const SecretLists& lists() const { return m_lists; }
    [[nodiscard]] bool isKept() const { return !m_file.empty(); }

    /// True if the lists differ now. Fails as apply() does, with SystemError if they cannot be written, and with
    /// NotAllowed while another change waits for its confirmation; the lists are then as they were.
    [[nodiscard]] Result<bool, Error> change(const SecretChange& change, std::optional<Duration> confirmWithin,
                                             Instant now);
    /// Fails with InvalidArgument if nothing waits, or SystemError, and then goes on waiting.
    [[nodiscard]] Result<void, Error> confirm();
    /// True if a change was put back.
    bool putBack();

    /// What the file says now, after somebody has edited it. A change that waits is forgotten.
    void replace(SecretLists lists);

    /// True if a change was put back because its time is over.
    [[nodiscard]] bool advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    struct Waiting {
        SecretLists before;
        Instant until;
    };

    [[nodiscard]] Result<void, Error> keep(const SecretLists& lists) const;

    SecretLists m_lists;
    std::string m_file;
    std::optional<Waiting> m_waiting;
};

} // namespace fb::agent
