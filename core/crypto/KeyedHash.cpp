// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/KeyedHash.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include <cstring>

namespace fb::crypto {

void KeyedHash::Wipe::operator()(hmac_sha256_ctx* context) const
{
    explicit_bzero(context, sizeof *context);
    delete context;
}

// What the context keeps of the key is as good as the key.
KeyedHash::KeyedHash(const Secret& key) : m_context(new hmac_sha256_ctx)
{
    // A view, not a copy that somebody would have to wipe.
    const auto* const octets = reinterpret_cast<const std::uint8_t*>(key.reveal().data());
    hmac_sha256_set_key(m_context.get(), key.reveal().size(), octets);
}

KeyedHash::Digest KeyedHash::of(std::span<const Bytes> parts) const
{
    for (const Bytes part : parts)
        hmac_sha256_update(m_context.get(), part.size(), part.data());
    Digest digest{};
    // Also goes back to the state in which only the key has been worked in.
    hmac_sha256_digest(m_context.get(), digest.size(), digest.data());
    return digest;
}

bool areEqualInConstantTime(Bytes first, Bytes second)
{
    return first.size() == second.size() && memeql_sec(first.data(), second.data(), first.size()) != 0;
}

} // namespace fb::crypto
