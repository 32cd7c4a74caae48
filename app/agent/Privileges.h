// SPDX-License-Identifier: Apache-2.0
// Gives up the rights that the agent itself does not use.
#pragma once

/// Keeps CAP_NET_RAW (if it was there) and nothing else. A program that root starts gets root's rights anew from the
/// kernel when it is executed, so sshd works as before. False if the kernel refuses.
[[nodiscard]] bool dropPrivileges();
