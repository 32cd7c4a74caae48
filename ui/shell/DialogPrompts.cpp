// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/DialogPrompts.h"

#include "ui/neighbors/Icons.h"

#include <QApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

class Dialogs {
    Q_DECLARE_TR_FUNCTIONS(fb::ui::DialogPrompts)

public:
    /// A dialog with a sign, a headline and room below; deletes itself when it is closed.
    struct Frame {
        QDialog* dialog;
        QVBoxLayout* body;
    };

    static Frame make(QWidget* window, const QString& name, const QIcon& sign, const QString& headline)
    {
        auto* dialog = new QDialog(window);
        dialog->setObjectName(name);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setModal(true);
        auto* picture = new QLabel(dialog);
        picture->setPixmap(sign.pixmap(QSize(40, 40)));
        auto* title = label(dialog, headline);
        QFont large = title->font();
        large.setPointSizeF(large.pointSizeF() * 1.2);
        large.setBold(true);
        title->setFont(large);
        auto* body = new QVBoxLayout;
        body->setSpacing(10);
        body->addWidget(title);
        auto* layout = new QHBoxLayout(dialog);
        layout->setContentsMargins(18, 18, 18, 14);
        layout->setSpacing(16);
        layout->addWidget(picture, 0, Qt::AlignTop);
        layout->addLayout(body, 1);
        return {dialog, body};
    }

    static QLabel* label(QWidget* parent, const QString& text)
    {
        auto* label = new QLabel(text, parent);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        return label;
    }

    /// Text to compare or copy: fixed width, selectable by mouse and keyboard.
    static QLabel* exact(QWidget* parent, const QString& name, const QString& text)
    {
        auto* exact = new QLabel(text, parent);
        exact->setTextFormat(Qt::PlainText);
        exact->setObjectName(name);
        exact->setAccessibleName(text);
        exact->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        exact->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        return exact;
    }

    static QPushButton* addButton(QDialogButtonBox* box, const QString& name, const QString& text,
                                  QDialogButtonBox::ButtonRole role)
    {
        QPushButton* button = box->addButton(text, role);
        button->setObjectName(name);
        button->setAutoDefault(false);
        return button;
    }

    static void askHostKey(QWidget* window, const HostKeyQuestion& question, std::function<void(Consent)> answered)
    {
        const auto [dialog, body] =
            make(window, u"shell.hostkey"_s, icon(u"key"_s), tr("Is this the key of %1?").arg(question.device));
        dialog->setWindowTitle(tr("First connection to %1").arg(question.device));
        body->addWidget(label(dialog, tr("Footbridge has not seen this device before. Compare the fingerprint with the "
                                         "one the device shows on its console. If you accept it, it is pinned to the "
                                         "RoMON id, and any other key will be refused from then on.")));
        auto* form = new QFormLayout;
        form->addRow(tr("RoMON id:"), exact(dialog, u"shell.hostkey.id"_s, question.id));
        form->addRow(tr("Key type:"), exact(dialog, u"shell.hostkey.type"_s, question.type));
        form->addRow(tr("Fingerprint:"), exact(dialog, u"shell.hostkey.fingerprint"_s, question.fingerprint));
        body->addLayout(form);
        auto* box = new QDialogButtonBox(dialog);
        auto* refuse = addButton(box, u"shell.hostkey.reject"_s, tr("&Do not connect"), QDialogButtonBox::RejectRole);
        addButton(box, u"shell.hostkey.accept"_s, tr("&Accept and pin"), QDialogButtonBox::AcceptRole);
        refuse->setDefault(true);
        body->addWidget(box);
        finish(dialog, box, refuse);
        QObject::connect(dialog, &QDialog::finished, dialog, [answered = std::move(answered)](int result) {
            answered(result == QDialog::Accepted ? Consent::Yes : Consent::No);
        });
        dialog->open();
    }

    static void askPassword(QWidget* window, const PasswordQuestion& question,
                            std::function<void(std::optional<QString>)> answered)
    {
        const bool isRetry = question.why == PasswordQuestion::Why::LastOneRefused;
        const auto [dialog, body] = make(window, u"shell.password.dialog"_s, icon(isRetry ? u"warning"_s : u"key"_s),
                                         isRetry ? tr("%1 did not accept the password").arg(question.device)
                                                 : tr("Password for %1").arg(question.device));
        dialog->setWindowTitle(tr("Log in to %1").arg(question.device));
        body->addWidget(label(dialog, isRetry ? tr("Check the login and type the password again.")
                                              : tr("The device asks for it to let %1 in.").arg(question.user)));
        auto* password = new QLineEdit(dialog);
        password->setObjectName(u"shell.password.edit"_s);
        password->setAccessibleName(tr("Password"));
        password->setEchoMode(QLineEdit::Password);
        auto* form = new QFormLayout;
        form->addRow(tr("Login:"), label(dialog, question.user));
        // Whatever white space the device sends, its words stay on one line.
        form->addRow(tr("Device says:"), label(dialog, question.prompt.simplified()));
        form->addRow(tr("&Password:"), password);
        body->addLayout(form);
        auto* box = new QDialogButtonBox(dialog);
        addButton(box, u"shell.password.cancel"_s, tr("&Cancel"), QDialogButtonBox::RejectRole);
        addButton(box, u"shell.password.ok"_s, tr("&Log in"), QDialogButtonBox::AcceptRole)->setDefault(true);
        body->addWidget(box);
        finish(dialog, box, password);
        QObject::connect(dialog, &QDialog::finished, dialog, [answered = std::move(answered), password](int result) {
            answered(result == QDialog::Accepted ? std::optional(password->text()) : std::nullopt);
        });
        dialog->open();
    }

    static void confirm(QWidget* window, const QString& title, const QString& text, const QString& yes,
                        std::function<void(Consent)> answered)
    {
        const auto [dialog, body] = make(window, u"shell.confirm"_s, icon(u"warning"_s), title);
        dialog->setWindowTitle(title);
        body->addWidget(label(dialog, text));
        auto* box = new QDialogButtonBox(dialog);
        auto* cancel = addButton(box, u"shell.confirm.no"_s, tr("&Cancel"), QDialogButtonBox::RejectRole);
        addButton(box, u"shell.confirm.yes"_s, yes, QDialogButtonBox::AcceptRole);
        cancel->setDefault(true);
        body->addWidget(box);
        finish(dialog, box, cancel);
        QObject::connect(dialog, &QDialog::finished, dialog, [answered = std::move(answered)](int result) {
            answered(result == QDialog::Accepted ? Consent::Yes : Consent::No);
        });
        dialog->open();
    }

    static void warnHostKeyChanged(QWidget* window, const HostKeyWarning& warning)
    {
        const auto [dialog, body] = make(window, u"shell.hostkeychanged"_s, coloredIcon(u"error"_s, QColor(0xc53030)),
                                         tr("Connection refused: the key of %1 has changed").arg(warning.device));
        dialog->setWindowTitle(tr("Host key changed"));
        body->addWidget(
            label(dialog, tr("The device that answers for RoMON id %1 does not hold the key that was pinned "
                             "for it. Either somebody poses as this device, or it was reinstalled or "
                             "replaced. Nothing has been sent to it, your password included.")
                              .arg(warning.id)));
        auto* form = new QFormLayout;
        for (const QString& fingerprint : warning.expected)
            form->addRow(tr("Pinned:"), exact(dialog, u"shell.hostkeychanged.expected"_s, fingerprint));
        form->addRow(tr("Received:"), exact(dialog, u"shell.hostkeychanged.received"_s,
                                            u"%1 (%2)"_s.arg(warning.received, warning.type)));
        body->addLayout(form);
        body->addWidget(label(dialog, tr("If you know that the device was reinstalled, remove the old key first: line "
                                         "%1 of %2. There is no way to accept the new key from here.")
                                          .arg(QString::number(warning.line), warning.file)));
        auto* box = new QDialogButtonBox(dialog);
        auto* close = addButton(box, u"shell.hostkeychanged.close"_s, tr("&Close"), QDialogButtonBox::RejectRole);
        close->setDefault(true);
        body->addWidget(box);
        finish(dialog, box, close);
        dialog->open();
    }

private:
    static void finish(QDialog* dialog, QDialogButtonBox* box, QWidget* focus)
    {
        // Wrapped text needs its height reckoned for the width that the dialog will really have.
        QLayout* layout = dialog->layout();
        const int width = std::max(dialog->fontMetrics().averageCharWidth() * 76, layout->totalMinimumSize().width());
        dialog->resize(width, layout->totalHeightForWidth(width));
        QObject::connect(box, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
        QObject::connect(box, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
        focus->setFocus();
    }
};

} // namespace

void DialogPrompts::askHostKey(QWidget* window, const HostKeyQuestion& question, std::function<void(Consent)> answered)
{
    Dialogs::askHostKey(window, question, std::move(answered));
}

void DialogPrompts::askPassword(QWidget* window, const PasswordQuestion& question,
                                std::function<void(std::optional<QString>)> answered)
{
    Dialogs::askPassword(window, question, std::move(answered));
}

void DialogPrompts::confirm(QWidget* window, const QString& title, const QString& text, const QString& yes,
                            std::function<void(Consent)> answered)
{
    Dialogs::confirm(window, title, text, yes, std::move(answered));
}

void DialogPrompts::warnHostKeyChanged(QWidget* window, const HostKeyWarning& warning)
{
    Dialogs::warnHostKeyChanged(window, warning);
}

void DialogPrompts::dismissQuestions(QWidget* window)
{
    for (QDialog* dialog : window->findChildren<QDialog*>()) {
        if (dialog->objectName() == u"shell.hostkeychanged"_s)
            continue;               // a warning stays until it is read
        dialog->disconnect(dialog); // the answer is not wanted any more
        dialog->close();
    }
}

} // namespace fb::ui
