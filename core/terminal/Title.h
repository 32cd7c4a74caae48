// SPDX-License-Identifier: Apache-2.0
// Window titles from the far end, made harmless: they end up in window lists and logs of the person in front.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fb::terminal {

inline constexpr std::size_t kTitleBytesMax = 256;

/// Valid UTF-8 of at most kTitleBytesMax bytes, without control characters and without the marks that turn the
/// direction of writing around (they can make one name look like another).
[[nodiscard]] std::string cleanTitle(std::string_view text);

/// The title and the small stack that XTWINOPS 22 and 23 (CSI 22 t, CSI 23 t) work on.
class Title {
public:
    static constexpr std::size_t kStackMax = 8;

    void set(std::string_view text) { m_text = cleanTitle(text); }
    void push()
    {
        if (m_stack.size() < kStackMax)
            m_stack.push_back(m_text);
    }
    void pop()
    {
        if (m_stack.empty())
            return;
        m_text = m_stack.back();
        m_stack.pop_back();
    }
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
    std::vector<std::string> m_stack;
};

} // namespace fb::terminal
