// SPDX-License-Identifier: Apache-2.0
// Sole owner of one POSIX file descriptor; closes it when it goes.
#pragma once

#include <utility>

namespace fb {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : m_fd(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() { reset(); }

    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    /// The number, still owned here; -1 if there is none.
    [[nodiscard]] int get() const { return m_fd; }
    /// The number, owned by the caller from now on.
    [[nodiscard]] int release() { return std::exchange(m_fd, -1); }
    void reset();

private:
    int m_fd = -1;
};

} // namespace fb
