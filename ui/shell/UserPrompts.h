// SPDX-License-Identifier: Apache-2.0
// Questions to the person at the screen. An interface, so that tests answer from a script. Nothing here waits: the
// answer comes later, by a call, or never if the window goes first.
#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

class QWidget;

namespace fb::ui {

enum class Consent { No, Yes };

struct HostKeyQuestion {
    QString device; ///< its name
    QString id;     ///< its RoMON id, under which the key is pinned
    QString type;
    QString fingerprint;
};

struct HostKeyWarning {
    QString device;
    QString id;
    QString type;
    QStringList expected; ///< fingerprints
    QString received;
    QString file; ///< where the pinned key is
    qulonglong line = 0;
};

struct PasswordQuestion {
    QString device;
    QString user;
    QString prompt; ///< the device's own words; untrusted
    enum class Why { Needed, LastOneRefused } why = Why::Needed;
};

class UserPrompts {
public:
    virtual ~UserPrompts() = default;

    /// `answered` is called once, unless the window is dismissed or destroyed first.
    virtual void askHostKey(QWidget* window, const HostKeyQuestion& question,
                            std::function<void(Consent)> answered) = 0;
    /// No text: the user does not want to.
    virtual void askPassword(QWidget* window, const PasswordQuestion& question,
                             std::function<void(std::optional<QString>)> answered) = 0;
    virtual void confirm(QWidget* window, const QString& title, const QString& text, const QString& yes,
                         std::function<void(Consent)> answered) = 0;
    /// Has no answer but to be read: a changed key is never accepted here.
    virtual void warnHostKeyChanged(QWidget* window, const HostKeyWarning& warning) = 0;

    /// Takes back every open question of a window; their callbacks are not called.
    virtual void dismissQuestions(QWidget* window) = 0;
};

} // namespace fb::ui
