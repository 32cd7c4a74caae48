// SPDX-License-Identifier: Apache-2.0
#include "core/agent/SecretLists.h"

#include "core/crypto/KeyedHash.h"
#include "core/romon/Text.h"

#include <algorithm>
#include <array>

namespace fb::agent {

namespace {

using Action = SecretChange::Action;

constexpr std::string_view kFingerprintText = "footbridge secret fingerprint";
constexpr std::size_t kFingerprintBytes = 4;

Error mistake(std::string what)
{
    return {ErrorCode::InvalidArgument, std::move(what)};
}

bool isIn(const SecretList& list, std::string_view fingerprint)
{
    return std::ranges::find(list, fingerprint, fingerprintOf) != list.end();
}

/// A list of nothing means the same as the empty secret alone; changes are easier to say of the latter.
SecretList spelledOut(SecretList list)
{
    if (list.empty())
        list.emplace_back();
    return list;
}

bool isSame(const SecretList& left, const SecretList& right)
{
    return std::ranges::equal(left, right, [](const Secret& a, const Secret& b) { return a.isSameAs(b); });
}

std::vector<std::string> namesIn(const SecretChange& change)
{
    auto names = change.fingerprints;
    for (const auto& secret : change.secrets)
        names.push_back(fingerprintOf(secret));
    return names;
}

Result<SecretList, Error> changed(const SecretChange& change, SecretList list)
{
    switch (change.action) {
    case Action::Set:
        list.clear();
        [[fallthrough]];
    case Action::Add:
        for (const auto& secret : change.secrets) {
            if (!isIn(list, fingerprintOf(secret)))
                list.push_back(secret);
        }
        break;
    case Action::First: {
        const auto name = namesIn(change).front();
        const auto found = std::ranges::find(list, name, fingerprintOf);
        if (found == list.end())
            return failure(mistake("the secret " + name + " is not in the list; add it first"));
        std::rotate(list.begin(), found, found + 1);
        break;
    }
    case Action::Remove: {
        const auto names = namesIn(change);
        std::erase_if(
            list, [&](const Secret& secret) { return std::ranges::find(names, fingerprintOf(secret)) != names.end(); });
        if (list.empty())
            return failure(mistake("the last secret cannot be removed: the network would be open; clear says so"));
        break;
    }
    case Action::Clear:
        list.clear();
        break;
    }
    if (list.size() > kSecretsMax)
        return failure(Error{ErrorCode::LimitReached, "secrets of a list"});
    return list;
}

Result<void, Error> check(const SecretChange& change)
{
    const auto count = change.secrets.size() + change.fingerprints.size();
    if (!change.where.empty() && !change.interface.empty())
        return failure(mistake("either the lists that hold a secret, or the list of a port"));
    if (!change.interface.empty()) {
        if (auto checked = checkPortName(change.interface); !checked)
            return checked;
    }
    if (change.action == Action::First && count != 1)
        return failure(mistake("exactly one secret can be the first"));
    if (change.action != Action::Clear && count == 0)
        return failure(mistake("which secret?"));
    if (!change.fingerprints.empty() && change.action != Action::First && change.action != Action::Remove)
        return failure(mistake("the secret itself is needed, a fingerprint is not enough"));
    for (const auto& secret : change.secrets) {
        if (auto checked = checkSecret(secret); !checked)
            return checked;
    }
    return {};
}

Result<bool, Error> changeOne(const SecretChange& change, SecretList& list)
{
    const bool startsOpen = change.action != Action::Set && change.action != Action::Clear;
    const auto before = startsOpen ? spelledOut(list) : list;
    auto after = changed(change, before);
    if (!after)
        return failure(after.error());
    const bool differs = !isSame(before, *after);
    if (differs)
        list = std::move(after).value();
    return differs;
}

/// The list for all ports, or that of one port; a port without one begins with what holds for it so far.
Result<bool, Error> changeList(const SecretChange& change, SecretLists& lists)
{
    if (change.interface.empty())
        return changeOne(change, lists.all);
    if (change.action == Action::Clear)
        return lists.ports.erase(change.interface) != 0;
    const auto [list, isNew] = lists.ports.try_emplace(change.interface, spelledOut(lists.all));
    const auto done = changeOne(change, list->second);
    if (!done)
        return failure(done.error());
    return *done || isNew;
}

Result<bool, Error> changeEverywhere(const SecretChange& change, SecretLists& lists)
{
    std::vector<SecretList*> concerned{&lists.all};
    for (auto& port : lists.ports)
        concerned.push_back(&port.second);
    bool differs = false;
    for (auto* list : concerned) {
        if (!isIn(spelledOut(*list), change.where))
            continue;
        const auto done = changeOne(change, *list);
        if (!done)
            return failure(done.error());
        differs = differs || *done;
    }
    return differs;
}

} // namespace

std::string fingerprintOf(const Secret& secret)
{
    if (secret.empty())
        return std::string(kEmptyFingerprint);
    const auto text = bytesOf(kFingerprintText);
    const std::array parts{Bytes(text)};
    const auto digest = crypto::KeyedHash(secret).of(parts);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string name;
    for (std::size_t at = 0; at < kFingerprintBytes; ++at) {
        name += kDigits[digest[at] >> 4U];
        name += kDigits[digest[at] & 0xfU];
    }
    return name;
}

Result<void, Error> checkSecret(const Secret& secret)
{
    static_assert(kSecretBytesMax <= romon::kDisplayTextBytesMax);
    const auto& text = secret.reveal();
    if (text.size() > kSecretBytesMax)
        return failure(mistake("a secret has at most " + std::to_string(kSecretBytesMax) + " bytes"));
    if (romon::displayText(text) != text)
        return failure(mistake("a secret is UTF-8 without control characters"));
    return {};
}

Result<void, Error> checkPortName(const std::string& interface)
{
    if (interface.empty() || interface.size() > kInterfaceBytesMax)
        return failure(mistake("an interface name has 1 to 15 characters"));
    if (romon::displayText(interface) != interface)
        return failure(mistake("an interface name here is UTF-8 without control characters"));
    return {};
}

bool operator==(const SecretChange& left, const SecretChange& right)
{
    return left.action == right.action && left.interface == right.interface && left.where == right.where &&
           isSame(left.secrets, right.secrets) && left.fingerprints == right.fingerprints;
}

Result<bool, Error> apply(const SecretChange& change, SecretLists& lists)
{
    if (const auto checked = check(change); !checked)
        return failure(checked.error());
    auto after = lists;
    auto done = change.where.empty() ? changeList(change, after) : changeEverywhere(change, after);
    if (done && after.ports.size() > kSecretPortsMax)
        return failure(Error{ErrorCode::LimitReached, "ports with secrets of their own"});
    if (done && *done)
        lists = std::move(after);
    return done;
}

std::vector<SecretScope> scopesOf(const SecretLists& lists)
{
    const auto scope = [](const std::string& interface, const SecretList& list) {
        SecretScope shown{interface, {}};
        for (const auto& secret : list)
            shown.fingerprints.push_back(fingerprintOf(secret));
        return shown;
    };
    std::vector<SecretScope> scopes{scope("", lists.all)};
    for (const auto& [interface, list] : lists.ports)
        scopes.push_back(scope(interface, list));
    return scopes;
}

} // namespace fb::agent
