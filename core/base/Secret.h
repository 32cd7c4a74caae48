// SPDX-License-Identifier: Apache-2.0
// A password or passphrase: wiped when it goes, never printed, never compared by accident.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fb {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    [[nodiscard]] bool empty() const { return m_text.empty(); }

    /// The text itself, for the one call that needs it; do not keep the pointer.
    [[nodiscard]] const std::string& reveal() const { return m_text; }

    /// By name, because a secret is compared on purpose or not at all. Takes the same time whichever byte differs.
    [[nodiscard]] bool isSameAs(const Secret& other) const;

    /// Overwrites the text in memory and empties it.
    void wipe();

private:
    std::string m_text;
};

/// Secrets in the order of a configuration; an empty one stands for "no secret" at its place.
using SecretList = std::vector<Secret>;
/// In one list; more is a mistake, since every frame of a stranger is tried against each.
inline constexpr std::size_t kSecretsMax = 8;
inline constexpr std::size_t kSecretBytesMax = 128;

} // namespace fb
