// SPDX-License-Identifier: Apache-2.0
// Owners for libssh's handles, and the words of its errors. Only this room includes libssh.
#pragma once

#include "core/base/Error.h"
#include "core/ssh/Event.h"

#include <libssh/libssh.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace fb::ssh {

struct SessionDeleter {
    void operator()(ssh_session session) const { ssh_free(session); }
};
struct KeyDeleter {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};
struct TextDeleter {
    void operator()(char* text) const { ssh_string_free_char(text); }
};
struct EventDeleter {
    void operator()(ssh_event event) const { ssh_event_free(event); }
};

using SessionHandle = std::unique_ptr<std::remove_pointer_t<ssh_session>, SessionDeleter>;
using KeyHandle = std::unique_ptr<std::remove_pointer_t<ssh_key>, KeyDeleter>;
using TextHandle = std::unique_ptr<char, TextDeleter>;
using EventHandle = std::unique_ptr<std::remove_pointer_t<ssh_event>, EventDeleter>;

/// Makes libssh usable; once in a process, however often it is called, from any thread.
void initializeLibrary();

/// An error at a stage. The context is "stage: detail".
[[nodiscard]] Error stageError(ErrorCode code, Stage stage, std::string_view detail);

/// What libssh last complained about, as a stage's error.
[[nodiscard]] Error libraryError(ssh_session session, Stage stage);

/// A far end's words, made harmless to show: control characters out, at most 200 bytes.
[[nodiscard]] std::string plainText(std::string_view text);

} // namespace fb::ssh
