// SPDX-License-Identifier: Apache-2.0
// The only place that turns an Error into sentences for a person: what failed, for which device, what to try.
#pragma once

#include "core/base/Error.h"

#include <QString>

namespace fb::ui {

struct ErrorText {
    QString what;   ///< one sentence; names the device if there is one
    QString advice; ///< what to try, one or two sentences; empty if there is nothing sensible

    /// Both, on two lines.
    [[nodiscard]] QString joined() const;

    friend bool operator==(const ErrorText&, const ErrorText&) = default;
};

/// The sentences for an error that happened while dealing with `device`, which is empty when the error concerns the
/// agent or this computer.
[[nodiscard]] ErrorText errorText(const Error& error, const QString& device = {});

} // namespace fb::ui
