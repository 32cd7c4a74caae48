// SPDX-License-Identifier: Apache-2.0
// One line of plain text that shortens itself with an ellipsis instead of widening its window; whole as a tool tip.
#pragma once

#include <QLabel>

namespace fb::ui {

class ElidedLabel final : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget* parent = nullptr);

    /// Hides QLabel's: the tool tip goes with the text.
    void setText(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace fb::ui
