// SPDX-License-Identifier: Apache-2.0
// FB_ASSERT guards what only our own code can get wrong; it is on in every build. Bytes from a network, a user or the
// operating system are never asserted about: they become a Result.
#pragma once

namespace fb {

/// Prints the failed condition and its place to stderr and aborts.
[[noreturn]] void assertionFailed(const char* condition, const char* file, int line);

} // namespace fb

#define FB_ASSERT(condition)                                                                                           \
    (static_cast<bool>(condition) ? void() : ::fb::assertionFailed(#condition, __FILE__, __LINE__))
