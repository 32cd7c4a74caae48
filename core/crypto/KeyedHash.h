// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA-256 (RFC 2104) under one key, by Nettle. The key is worked in once; a hash afterwards allocates nothing.
// One thread at a time.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Secret.h"

#include <array>
#include <cstddef>
#include <memory>
#include <span>

struct hmac_sha256_ctx;

namespace fb::crypto {

class KeyedHash {
public:
    static constexpr std::size_t kDigestBytes = 32;
    using Digest = std::array<std::uint8_t, kDigestBytes>;

    /// The key may have any length; one longer than 64 bytes is hashed first (RFC 2104, section 2).
    explicit KeyedHash(const Secret& key);

    /// Of the parts as if they stood one after the other.
    [[nodiscard]] Digest of(std::span<const Bytes> parts) const;

private:
    struct Wipe {
        void operator()(hmac_sha256_ctx* context) const;
    };
    std::unique_ptr<hmac_sha256_ctx, Wipe> m_context;
};

/// Takes the same time whichever byte differs. Different sizes are not equal.
[[nodiscard]] bool areEqualInConstantTime(Bytes first, Bytes second);

} // namespace fb::crypto
