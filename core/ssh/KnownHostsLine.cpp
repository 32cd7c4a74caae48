// SPDX-License-Identifier: Apache-2.0
// Reading one line of a known_hosts file: [marker] hosts keytype base64 [comment].
#include "core/ssh/KnownHosts.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace fb::ssh {
namespace {

constexpr std::size_t kBase64Max = 16384; // the longest RSA key that OpenSSH makes (16384 bits) needs 2.8 kB

/// Takes the text up to the next blank and the blanks after it.
std::string_view takeWord(std::string_view& rest)
{
    const auto end = std::min(rest.find_first_of(" \t"), rest.size());
    const auto word = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t", end), rest.size()));
    return word;
}

std::string base64Of(const unsigned char* bytes, std::size_t sizeBytes)
{
    std::string text(4 * ((sizeBytes + 2) / 3) + 1, '\0');
    const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, // OpenSSL's char type
                                        static_cast<int>(sizeBytes));
    text.resize(static_cast<std::size_t>(written));
    return text;
}

std::optional<std::string> bytesOfBase64(std::string_view text)
{
    if (text.empty() || text.size() > kBase64Max || text.size() % 4 != 0)
        return std::nullopt;
    std::string bytes(text.size() / 4 * 3, '\0');
    const std::string terminated(text);
    const int written =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(terminated.data()), static_cast<int>(terminated.size()));
    if (written < 0)
        return std::nullopt;
    const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
    bytes.resize(static_cast<std::size_t>(written) - padding);
    return bytes;
}

/// "|1|salt|hash": the hash is HMAC-SHA1(salt, name), both base64 (OpenSSH, HashKnownHosts).
bool hashedNameMatches(std::string_view field, std::string_view name)
{
    field.remove_prefix(3);
    const auto bar = field.find('|');
    if (bar == std::string_view::npos)
        return false;
    const auto salt = bytesOfBase64(field.substr(0, bar));
    if (!salt)
        return false;
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    unsigned int sizeBytes = 0;
    if (HMAC(EVP_sha1(), salt->data(), static_cast<int>(salt->size()),
             reinterpret_cast<const unsigned char*>(name.data()), name.size(), digest.data(), &sizeBytes) == nullptr)
        return false;
    return base64Of(digest.data(), sizeBytes) == field.substr(bar + 1);
}

/// '*' stands for any run, '?' for any one character. Linear with one point to go back to, so no pattern is costly.
bool patternMatches(std::string_view pattern, std::string_view name)
{
    std::size_t at = 0;
    std::size_t inName = 0;
    std::optional<std::size_t> star;
    std::size_t starInName = 0;
    while (inName < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            starInName = inName;
        } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == name[inName])) {
            ++at;
            ++inName;
        } else if (star) {
            at = *star + 1;
            inName = ++starInName;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool hostsMatch(std::string_view hosts, std::string_view name)
{
    if (hosts.starts_with("|1|"))
        return hashedNameMatches(hosts, name);
    bool matches = false;
    while (!hosts.empty()) {
        const auto end = std::min(hosts.find(','), hosts.size());
        auto pattern = hosts.substr(0, end);
        hosts.remove_prefix(std::min(end + 1, hosts.size()));
        const bool negated = pattern.starts_with('!');
        if (negated)
            pattern.remove_prefix(1);
        if (!patternMatches(pattern, name))
            continue;
        if (negated)
            return false; // a negated pattern that fits beats all others
        matches = true;
    }
    return matches;
}

std::optional<PinnedKey> readLine(std::string_view line, std::string_view name)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.empty() || line.front() == '#')
        return std::nullopt;
    PinnedKey pinned;
    if (line.front() == '@') {
        if (takeWord(line) != "@revoked")
            return std::nullopt; // certificate authorities say nothing about this key
        pinned.trust = PinnedKey::Trust::Revoked;
    }
    if (!hostsMatch(takeWord(line), name))
        return std::nullopt;
    pinned.key.type = takeWord(line);
    pinned.key.base64 = takeWord(line);
    if (pinned.key.type.empty() || !bytesOfBase64(pinned.key.base64))
        return std::nullopt;
    return pinned;
}

} // namespace

std::string fingerprintOf(const HostKey& key)
{
    const auto bytes = bytesOfBase64(key.base64);
    if (!bytes)
        return {};
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes->data()), bytes->size(), digest.data());
    auto text = base64Of(digest.data(), digest.size());
    text.erase(text.find_last_not_of('=') + 1);
    return "SHA256:" + text;
}

std::vector<PinnedKey> pinnedKeysFor(std::string_view name, std::string_view text)
{
    std::vector<PinnedKey> keys;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        if (auto pinned = readLine(text.substr(0, end), name)) {
            pinned->line = number;
            keys.push_back(std::move(*pinned));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return keys;
}

} // namespace fb::ssh
