// SPDX-License-Identifier: Apache-2.0
// What is wrong with a configuration file: every mistake with its line, up to a limit, so that one run mends them all.
#pragma once

#include "core/base/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fb::agent {

class ConfigErrors {
public:
    static constexpr std::size_t kMax = 50;

    explicit ConfigErrors(std::string file) : m_file(std::move(file)) {}

    /// Line 0: the file as a whole. Past the limit only counted.
    void add(std::uint32_t line, const std::string& what);
    [[nodiscard]] bool empty() const { return m_errors.empty(); }
    /// In the order of the file; a last one says how many more there are.
    [[nodiscard]] std::vector<Error> take();

private:
    struct Entry {
        std::uint32_t line;
        std::string what;
    };

    std::string m_file;
    std::vector<Entry> m_errors;
    std::size_t m_more = 0;
};

} // namespace fb::agent
