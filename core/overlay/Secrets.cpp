// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Secrets.h"

#include "core/base/Assert.h"
#include "core/overlay/Engine.h"

#include <algorithm>

namespace fb::overlay {

SecretKey::SecretKey(Secret text) : secret(std::move(text)), hash(secret) {}

bool areUsable(const SecretList& secrets)
{
    return secrets.size() <= kSecretsMax &&
           std::ranges::all_of(secrets, [](const Secret& secret) { return secret.reveal().size() <= kSecretBytesMax; });
}

bool PortSecrets::holds(const SecretKeyPointer& key) const
{
    return std::ranges::find(keys, key) != keys.end();
}

void Secrets::setGlobal(const SecretList& list)
{
    FB_ASSERT(areUsable(list));
    m_global = keysOf(list);
}

void Secrets::setOwn(PortId port, const std::optional<SecretList>& list)
{
    FB_ASSERT(!list || areUsable(*list));
    if (list && !list->empty())
        m_own[port] = keysOf(*list);
    else
        m_own.erase(port);
}

PortSecrets Secrets::of(PortId port) const
{
    const auto own = m_own.find(port);
    const KeyList& list = own == m_own.end() ? m_global : own->second;
    PortSecrets secrets;
    if (list.empty())
        return secrets;
    secrets.signing = list.front();
    secrets.unhashed = PortSecrets::Unhashed::Refused;
    for (const auto& key : list) {
        if (key == nullptr)
            secrets.unhashed = PortSecrets::Unhashed::Accepted;
        else if (!secrets.holds(key))
            secrets.keys.push_back(key);
    }
    return secrets;
}

Secrets::KeyList Secrets::keysOf(const SecretList& list) const
{
    KeyList keys;
    for (const auto& secret : list)
        keys.push_back(secret.empty() ? nullptr : keyOf(secret));
    return keys;
}

/// One key for one text: what was proven with it stays proven when lists change around it.
SecretKeyPointer Secrets::keyOf(const Secret& secret) const
{
    const auto isSame = [&](const SecretKeyPointer& key) { return key != nullptr && key->secret.isSameAs(secret); };
    if (const auto found = std::ranges::find_if(m_global, isSame); found != m_global.end())
        return *found;
    for (const auto& [port, list] : m_own) {
        if (const auto found = std::ranges::find_if(list, isSame); found != list.end())
            return *found;
    }
    return std::make_shared<const SecretKey>(secret);
}

} // namespace fb::overlay
