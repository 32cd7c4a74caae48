// SPDX-License-Identifier: Apache-2.0
// A line across a window that says what is the matter and offers one or two ways out. Hidden until there is something
// to say.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace fb::ui {

class Banner final : public QFrame {
    Q_OBJECT

public:
    enum class Kind { Information, Warning, Problem };

    /// `room` begins the object names: "room.banner", "room.banner.text", "room.banner.action", "room.banner.other".
    explicit Banner(const QString& room, QWidget* parent = nullptr);

    /// `action` and `other` name the buttons; empty: there is none. Saying the same again costs nothing.
    void say(Kind kind, const QString& text, const QString& action = {}, const QString& other = {});
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionChosen();
    void otherChosen();

protected:
    void changeEvent(QEvent* event) override;

private:
    void paintKind();

    Kind m_kind = Kind::Information;
    QLabel* m_sign;
    QLabel* m_text;
    QPushButton* m_action;
    QPushButton* m_other;
};

} // namespace fb::ui
