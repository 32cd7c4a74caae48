// SPDX-License-Identifier: Apache-2.0
// A line across a window that says what is the matter and offers one way out. Hidden until there is something to say.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace fb::ui {

class Banner final : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Information, Warning, Problem };

    /// `room` begins the object names: "room.banner" and "room.banner.action".
    explicit Banner(const QString& room, QWidget* parent = nullptr);

    /// `action` names the button; empty: there is none.
    void say(Kind kind, const QString& text, const QString& action = {});
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionChosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    void paintKind();

    Kind m_kind = Kind::Information;
    QLabel* m_sign;
    QLabel* m_text;
    QPushButton* m_action;
};

} // namespace fb::ui
