// SPDX-License-Identifier: Apache-2.0
#include "core/base/FileDescriptor.h"

#include <QtTest>

#include <fcntl.h>
#include <unistd.h>

using fb::FileDescriptor;

namespace {

FileDescriptor openNull()
{
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool isOpen(int number)
{
    return ::fcntl(number, F_GETFD) >= 0;
}

} // namespace

class FileDescriptorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void closesWhatItOwns();
    void givesItsNumberAway();
    void movesWithoutClosing();
    void closesTheOldOneWhenAssigned();
    void survivesBeingMovedToItself();
};

void FileDescriptorTest::closesWhatItOwns()
{
    int number = -1;
    {
        const FileDescriptor descriptor = openNull();
        number = descriptor.get();
        QVERIFY(descriptor.isOpen() && isOpen(number));
    }
    QVERIFY(!isOpen(number));
    QVERIFY(!FileDescriptor().isOpen());
}

void FileDescriptorTest::givesItsNumberAway()
{
    FileDescriptor descriptor = openNull();
    const int number = descriptor.release();
    QVERIFY(!descriptor.isOpen());
    QVERIFY(isOpen(number));
    const FileDescriptor again(number);
    QCOMPARE(again.get(), number);
}

void FileDescriptorTest::movesWithoutClosing()
{
    FileDescriptor first = openNull();
    const int number = first.get();
    const FileDescriptor second(std::move(first));
    QCOMPARE(second.get(), number);
    QCOMPARE(first.get(), -1);
    QVERIFY(isOpen(number));
}

void FileDescriptorTest::closesTheOldOneWhenAssigned()
{
    FileDescriptor first = openNull();
    FileDescriptor second = openNull();
    const int old = first.get();
    const int kept = second.get();
    first = std::move(second);
    QVERIFY(!isOpen(old));
    QCOMPARE(first.get(), kept);
    QVERIFY(isOpen(kept));
}

void FileDescriptorTest::survivesBeingMovedToItself()
{
    FileDescriptor descriptor = openNull();
    FileDescriptor& same = descriptor;
    descriptor = std::move(same);
    QVERIFY(descriptor.isOpen() && isOpen(descriptor.get()));
}

QTEST_GUILESS_MAIN(FileDescriptorTest)
#include "tst_FileDescriptor.moc"
