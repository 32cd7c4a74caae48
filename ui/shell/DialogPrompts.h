// SPDX-License-Identifier: Apache-2.0
// Questions as dialogs over the window that they concern; never a nested event loop.
#pragma once

#include "ui/shell/UserPrompts.h"

namespace fb::ui {

class DialogPrompts final : public UserPrompts {
public:
    void askHostKey(QWidget* window, const HostKeyQuestion& question, std::function<void(Consent)> answered) override;
    void askPassword(QWidget* window, const PasswordQuestion& question,
                     std::function<void(std::optional<QString>)> answered) override;
    void confirm(QWidget* window, const QString& title, const QString& text, const QString& yes,
                 std::function<void(Consent)> answered) override;
    void warnHostKeyChanged(QWidget* window, const HostKeyWarning& warning) override;
    void dismissQuestions(QWidget* window) override;
};

} // namespace fb::ui
