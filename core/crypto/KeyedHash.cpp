// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/KeyedHash.h"

#include "core/base/Assert.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <string>

namespace fb::crypto {

void KeyedHash::Free::operator()(evp_mac_ctx_st* context) const
{
    EVP_MAC_CTX_free(context);
}

// OpenSSL's calls below fail when memory is gone or when the program was built against a library without HMAC: neither
// is anybody's input.
KeyedHash::KeyedHash(const Secret& key)
{
    EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    FB_ASSERT(mac != nullptr);
    m_context.reset(EVP_MAC_CTX_new(mac));
    EVP_MAC_free(mac); // the context holds a reference of its own
    FB_ASSERT(m_context != nullptr);
    std::string digest = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
    // A view, not a copy that somebody would have to wipe. The address of an empty text is not null, which would mean
    // "the key from before".
    const void* const octets = key.reveal().data();
    FB_ASSERT(EVP_MAC_init(m_context.get(), static_cast<const unsigned char*>(octets), key.reveal().size(),
                           parameters.data()) == 1);
}

KeyedHash::Digest KeyedHash::of(std::span<const Bytes> parts) const
{
    // Without a key and parameters: back to the state in which only the key has been worked in.
    FB_ASSERT(EVP_MAC_init(m_context.get(), nullptr, 0, nullptr) == 1);
    for (const Bytes part : parts)
        FB_ASSERT(EVP_MAC_update(m_context.get(), part.data(), part.size()) == 1);
    Digest digest{};
    std::size_t written = 0;
    FB_ASSERT(EVP_MAC_final(m_context.get(), digest.data(), &written, digest.size()) == 1);
    FB_ASSERT(written == digest.size());
    return digest;
}

bool areEqualInConstantTime(Bytes first, Bytes second)
{
    return first.size() == second.size() && CRYPTO_memcmp(first.data(), second.data(), first.size()) == 0;
}

} // namespace fb::crypto
