// SPDX-License-Identifier: Apache-2.0
// Host keys pinned by RoMON id in a file of OpenSSH's known_hosts format (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT), so
// that `ssh -o HostKeyAlias=<id>` reads and writes the same pins. Lines of others are left as they are: the file only
// grows, one whole line by one write at its end, under a lock, which OpenSSH's own appends cannot collide with.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/romon/RomonId.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fb::ssh {

struct HostKey {
    std::string type;   ///< "ssh-ed25519"
    std::string base64; ///< the public key, as in the file

    friend bool operator==(const HostKey&, const HostKey&) = default;
};

/// "SHA256:..." as OpenSSH shows it; empty if the text is no base64.
[[nodiscard]] std::string fingerprintOf(const HostKey& key);

struct PinnedKey {
    enum class Trust { Pinned, Revoked };
    HostKey key;
    Trust trust = Trust::Pinned;
    std::size_t line = 0; ///< from 1

    friend bool operator==(const PinnedKey&, const PinnedKey&) = default;
};

/// The keys that a known_hosts text has for a name, hashed names and patterns included, in the file's order. Lines that
/// are comments, certificate authorities, or no known_hosts lines are passed over.
[[nodiscard]] std::vector<PinnedKey> pinnedKeysFor(std::string_view name, std::string_view text);

class KnownHosts {
public:
    explicit KnownHosts(std::string path) : m_path(std::move(path)) {}

    /// The file of this user: $XDG_CONFIG_HOME or ~/.config, then footbridge/known_hosts.
    [[nodiscard]] static KnownHosts ofThisUser();

    [[nodiscard]] const std::string& path() const { return m_path; }

    /// What is pinned for a device; empty if there is no file. A file over kFileBytesMax is refused with LimitReached.
    [[nodiscard]] Result<std::vector<PinnedKey>, Error> find(romon::RomonId device) const;

    /// Pins one more key. Directories are made with mode 0700, the file with 0600. Pinning a key twice writes once.
    [[nodiscard]] Result<void, Error> pin(romon::RomonId device, const HostKey& key) const;

    static constexpr std::size_t kFileBytesMax = 4U << 20U;

private:
    std::string m_path;
};

} // namespace fb::ssh
