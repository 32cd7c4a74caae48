// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/UserDirectories.h"

#include <QtTest>

class UserDirectoriesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void followsTheSpecification_data();
    void followsTheSpecification();
};

void UserDirectoriesTest::followsTheSpecification_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("home");
    QTest::addColumn<QString>("directory");
    QTest::newRow("given") << QByteArray("/etc/xdg") << QByteArray("/home/a") << "/etc/xdg";
    QTest::newRow("relative") << QByteArray("here") << QByteArray("/home/a") << "/home/a/.config";
    QTest::newRow("empty") << QByteArray("") << QByteArray("/home/a") << "/home/a/.config";
    QTest::newRow("not set") << QByteArray() << QByteArray("/home/a") << "/home/a/.config";
    QTest::newRow("nothing set") << QByteArray() << QByteArray() << "/.config";
}

void UserDirectoriesTest::followsTheSpecification()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, home);
    QFETCH(QString, directory);
    const auto set = [](const char* name, const QByteArray& value) {
        return value.isNull() ? qunsetenv(name) : qputenv(name, value);
    };
    set("XDG_CONFIG_HOME", given);
    set("HOME", home);
    QCOMPARE(QString::fromStdString(fb::runtime::userConfigDirectory()), directory);
}

QTEST_APPLESS_MAIN(UserDirectoriesTest)
#include "tst_UserDirectories.moc"
