// SPDX-License-Identifier: Apache-2.0
#include "core/base/FileDescriptor.h"

#include <unistd.h>

namespace fb {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept
{
    if (this != &other) {
        reset();
        m_fd = other.release();
    }
    return *this;
}

void FileDescriptor::reset()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

} // namespace fb
