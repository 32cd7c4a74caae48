// SPDX-License-Identifier: Apache-2.0
// The secrets of a node as RouterOS documents them: one list for all ports, and for a port a list of its own that
// stands in its place. The first of a list is sent with, any of it is accepted; the empty secret stands for frames
// without a keyed hash, and a list of nothing is one of the empty secret alone. Values: no file, no engine.
#pragma once

#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fb::agent {

/// The kernel's IFNAMSIZ without the terminating zero.
inline constexpr std::size_t kInterfaceBytesMax = 15;
inline constexpr std::size_t kSecretPortsMax = 256;

/// The name of a secret where its value has no business: the first 8 hex digits of HMAC-SHA-256 with the secret as
/// key over "footbridge secret fingerprint"; "empty" for the empty one. It tells secrets of a user apart and is no
/// secret, but it lets a guess be checked: it is shown to those alone who may change the secrets.
[[nodiscard]] std::string fingerprintOf(const Secret& secret);
inline constexpr std::string_view kEmptyFingerprint = "empty";

/// What is allowed as a secret: up to kSecretBytesMax bytes of UTF-8 without control characters. InvalidArgument.
[[nodiscard]] Result<void, Error> checkSecret(const Secret& secret);

/// What a port with a list of its own may be called: 1 to 15 bytes (the kernel's IFNAMSIZ without the terminating zero)
/// of UTF-8 without control characters, which the file could not hold. InvalidArgument.
[[nodiscard]] Result<void, Error> checkPortName(const std::string& interface);

/// What is done to lists of secrets.
struct SecretChange {
    enum class Action {
        Set,    ///< the list is these
        Add,    ///< these go to the end: what is sent stays as it is
        First,  ///< this one goes to the front: it is sent with; it must be in the list
        Remove, ///< these go; the last one of a list does not
        Clear,  ///< all ports: nothing is left; a port: the list for all ports holds for it again
    };
    Action action = Action::Add;
    std::string interface {
    }; ///< the list of this port; empty: the one for all ports
    /// A fingerprint: instead, every list that holds this secret. Nothing happens where none does.
    std::string where{};
    SecretList secrets{};
    std::vector<std::string> fingerprints{}; ///< First and Remove: these as well

    friend bool operator==(const SecretChange& left, const SecretChange& right);
};

struct SecretLists {
    SecretList all;
    std::map<std::string, SecretList> ports; ///< by interface
};

/// Does all of a change or nothing; true if it made a difference. Fails with InvalidArgument or LimitReached.
[[nodiscard]] Result<bool, Error> apply(const SecretChange& change, SecretLists& lists);

/// For display.
struct SecretScope {
    std::string interface; ///< empty: all ports without a list of their own
    std::vector<std::string> fingerprints;

    friend bool operator==(const SecretScope&, const SecretScope&) = default;
};
/// The list for all ports first.
[[nodiscard]] std::vector<SecretScope> scopesOf(const SecretLists& lists);

} // namespace fb::agent
