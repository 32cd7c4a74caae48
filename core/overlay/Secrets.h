// SPDX-License-Identifier: Apache-2.0
// RouterOS's documented rules for RoMON secrets: a port's own list, if it is not empty, stands in place of the global
// one; the first secret of the list signs what is sent; any of them verifies what is received; an empty secret in a
// list means "none": as the first it sends unhashed, anywhere it accepts unhashed. An empty list means no secrets.
#pragma once

#include "core/base/Secret.h"
#include "core/crypto/KeyedHash.h"
#include "core/overlay/Snapshot.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace fb::overlay {

/// A secret that is in use, ready to hash with.
struct SecretKey {
    explicit SecretKey(Secret text);

    Secret secret;
    crypto::KeyedHash hash;
};
using SecretKeyPointer = std::shared_ptr<const SecretKey>;

/// What the list that holds for one port makes it do.
struct PortSecrets {
    SecretKeyPointer signing;           ///< none: sends unhashed
    std::vector<SecretKeyPointer> keys; ///< any of these verifies what is heard
    enum class Unhashed { Accepted, Refused } unhashed = Unhashed::Accepted;

    [[nodiscard]] bool holds(const SecretKeyPointer& key) const;
};

class Secrets {
public:
    void setGlobal(const SecretList& list);
    /// Nothing: the port has no list of its own.
    void setOwn(PortId port, const std::optional<SecretList>& list);
    void forgetPort(PortId port) { m_own.erase(port); }

    [[nodiscard]] PortSecrets of(PortId port) const;

private:
    /// In the order of the configuration; an empty secret is a null pointer.
    using KeyList = std::vector<SecretKeyPointer>;

    [[nodiscard]] KeyList keysOf(const SecretList& list) const;
    [[nodiscard]] SecretKeyPointer keyOf(const Secret& secret) const;

    KeyList m_global;
    std::map<PortId, KeyList> m_own;
};

} // namespace fb::overlay
