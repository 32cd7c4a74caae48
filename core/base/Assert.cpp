// SPDX-License-Identifier: Apache-2.0
#include "core/base/Assert.h"

#include <cstdlib>
#include <iostream>

namespace fb {

void assertionFailed(const char* condition, const char* file, int line)
{
    std::cerr << file << ':' << line << ": broken invariant: " << condition << '\n';
    std::abort();
}

} // namespace fb
