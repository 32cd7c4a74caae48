// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/PrivateFile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace fb;
using runtime::writePrivateFile;

namespace {

QByteArray contentOf(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no such file");
}

unsigned modeOf(const QString& name)
{
    struct stat facts {};
    return ::stat(QFile::encodeName(name).constData(), &facts) == 0 ? facts.st_mode & 0777U : 0;
}

} // namespace

class tst_PrivateFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nobodyElseMayReadIt()
    {
        const QTemporaryDir folder;
        const auto name = folder.filePath("a/b/file");
        const auto before = ::umask(0);
        const auto written = writePrivateFile(name.toStdString(), "text");
        ::umask(before);
        QVERIFY(written.has_value());
        QCOMPARE(contentOf(name), QByteArray("text"));
        QCOMPARE(modeOf(name), 0600U);
        QCOMPARE(modeOf(folder.filePath("a/b")), 0700U);
    }

    void replacesWhatWasThere()
    {
        const QTemporaryDir folder;
        const auto name = folder.filePath("file");
        const std::string large(3'000'000, 'x');
        QVERIFY(writePrivateFile(name.toStdString(), large).has_value());
        QCOMPARE(contentOf(name).size(), qsizetype{3'000'000});
        QFile::setPermissions(name, QFile::ReadOwner | QFile::ReadOther);
        QVERIFY(writePrivateFile(name.toStdString(), "").has_value());
        QCOMPARE(contentOf(name), QByteArray());
        QCOMPARE(modeOf(name), 0600U);
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"file"});
    }

    void isNotHinderedByWhatACrashLeft()
    {
        const QTemporaryDir folder;
        const auto name = folder.filePath("file");
        QVERIFY(QFile::link("/nonexistent", name + ".new"));
        QVERIFY(writePrivateFile(name.toStdString(), "text").has_value());
        QCOMPARE(contentOf(name), QByteArray("text"));
    }

    void writesAFileOfTheCurrentFolder()
    {
        const QTemporaryDir folder;
        const auto before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(folder.path()));
        const auto written = writePrivateFile("file", "text");
        QVERIFY(QDir::setCurrent(before));
        QVERIFY(written.has_value());
        QCOMPARE(contentOf(folder.filePath("file")), QByteArray("text"));
    }

    void leavesTheOldOneIfItCannotBeReplaced()
    {
        const QTemporaryDir folder;
        const auto name = folder.filePath("file");
        QVERIFY(QDir(folder.path()).mkpath("file/inside")); // a folder that is not empty cannot be replaced
        const auto failed = writePrivateFile(name.toStdString(), "text");
        QVERIFY(!failed.has_value());
        QCOMPARE(failed.error().code, ErrorCode::SystemError);
        QCOMPARE(failed.error().context, name.toStdString());
        QVERIFY(QFileInfo::exists(name + "/inside"));
        QVERIFY(!QFileInfo::exists(name + ".new"));
    }

    void saysWhatItCannotMake()
    {
        const auto failed = writePrivateFile("/proc/nonexistent/file", "text");
        QVERIFY(!failed.has_value());
        QVERIFY(failed.error().systemErrno != 0);
    }
};

QTEST_GUILESS_MAIN(tst_PrivateFile)
#include "tst_PrivateFile.moc"
