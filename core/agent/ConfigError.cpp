// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ConfigError.h"

#include <algorithm>

namespace fb::agent {

void ConfigErrors::add(std::uint32_t line, const std::string& what)
{
    if (m_errors.size() < kMax)
        m_errors.push_back({line, what});
    else
        ++m_more;
}

std::vector<Error> ConfigErrors::take()
{
    std::ranges::stable_sort(m_errors, {}, &Entry::line);
    std::vector<Error> errors;
    for (const auto& entry : m_errors) {
        const auto place = entry.line == 0 ? m_file : m_file + ":" + std::to_string(entry.line);
        errors.push_back(Error{ErrorCode::InvalidArgument, place + ": " + entry.what});
    }
    if (m_more != 0)
        errors.push_back(Error{ErrorCode::InvalidArgument, m_file + ": and " + std::to_string(m_more) + " more"});
    m_errors.clear();
    m_more = 0;
    return errors;
}

} // namespace fb::agent
