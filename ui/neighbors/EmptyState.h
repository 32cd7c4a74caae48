// SPDX-License-Identifier: Apache-2.0
// What stands where a list would be: why it is empty, what to check, and the one button that helps.
#pragma once

#include "ui/models/Emptiness.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace fb::ui {

class EmptyState final : public QFrame {
    Q_OBJECT

public:
    explicit EmptyState(QWidget* parent = nullptr);

    /// `detail` is one more sentence about this very case; may be empty.
    void explain(Emptiness reason, const QString& detail);

Q_SIGNALS:
    /// The button was pressed while this reason was shown.
    void remedyChosen(fb::ui::Emptiness reason);

private:
    Emptiness m_reason = Emptiness::None;
    QLabel* m_picture;
    QLabel* m_title;
    QLabel* m_text;
    QPushButton* m_remedy;
};

} // namespace fb::ui
