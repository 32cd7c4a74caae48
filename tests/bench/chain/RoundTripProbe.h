// SPDX-License-Identifier: Apache-2.0
// One question at a time over one descriptor, and how long each answer took.
#pragma once

#include "core/base/Bytes.h"
#include "tests/bench/chain/Keystrokes.h"

#include <functional>
#include <optional>

namespace fb::bench {

class RoundTripProbe {
public:
    struct Plan {
        int count = 1000;
        Duration interval = std::chrono::milliseconds(1); ///< from an answer to the next question
    };

    /// Whether a received message answers the question.
    using IsAnswer = std::function<bool(Bytes message)>;

    RoundTripProbe(int descriptor, ByteVector question, IsAnswer isAnswer);

    /// Asks until it is answered once: the far end may still be starting. False if it never is.
    [[nodiscard]] bool waitForFarEnd();
    /// {"p50": ms, ..., "lost": n}
    [[nodiscard]] nlohmann::ordered_json measure(const Plan& plan);

private:
    [[nodiscard]] std::optional<Duration> ask(Duration timeout);

    int m_descriptor;
    ByteVector m_question;
    IsAnswer m_isAnswer;
};

} // namespace fb::bench
