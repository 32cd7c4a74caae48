// SPDX-License-Identifier: Apache-2.0
// Sentences for errors: every code has one, it names what it is about, and it says what to try.
#include "ui/bridge/ErrorText.h"

#include <QSet>
#include <QTest>

#include <cerrno>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

class tst_ErrorText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasItsOwnSentenceForEveryCode()
    {
        QSet<QString> sentences;
        for (int code = 0; code < static_cast<int>(ErrorCode::Count); ++code) {
            const ErrorText text = errorText({static_cast<ErrorCode>(code), {}, 0}, u"edge-north"_s);
            QVERIFY2(!text.what.isEmpty(), qPrintable(QString::number(code)));
            QVERIFY(!sentences.contains(text.what));
            sentences.insert(text.what);
        }
    }

    void namesTheDevice()
    {
        for (const ErrorCode code :
             {ErrorCode::NoPath, ErrorCode::NoSuchService, ErrorCode::NotAllowed, ErrorCode::TimedOut,
              ErrorCode::ConnectionReset, ErrorCode::PeerSilent, ErrorCode::AuthenticationFailed,
              ErrorCode::HostKeyChanged, ErrorCode::NoSuchNode}) {
            const ErrorText text = errorText({code, u"x"_s.toStdString(), 0}, u"edge-north"_s);
            QVERIFY(text.what.contains(u"edge-north"_s));
            QVERIFY(!text.advice.isEmpty());
        }
    }

    void carriesTheSystemsWords()
    {
        const ErrorText text = errorText({ErrorCode::SystemError, "/run/socket", ECONNREFUSED});
        QVERIFY(text.what.contains(u"/run/socket"_s));
        QVERIFY(text.what.contains(u"Connection refused"_s));
    }
};

QTEST_GUILESS_MAIN(tst_ErrorText)
#include "tst_ErrorText.moc"
