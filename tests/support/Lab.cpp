// SPDX-License-Identifier: Apache-2.0
#include "tests/support/Lab.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QtTest>

#include <unistd.h>

namespace fb::test {

namespace {

constexpr int kMillisecondsPerSecond = 1000;

QString labProgram()
{
    return QStringLiteral(FB_TEST_LAB);
}

Ran finish(QProcess& process, int limitSeconds)
{
    Ran ran;
    if (process.waitForFinished(limitSeconds * kMillisecondsPerSecond)) {
        ran.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    } else {
        process.kill();
        process.waitForFinished();
    }
    ran.output = process.readAllStandardOutput();
    ran.errors = process.readAllStandardError();
    return ran;
}

} // namespace

QString Lab::whyNot()
{
    if (geteuid() != 0)
        return QStringLiteral("network namespaces need root");
    for (const auto* program : {"/usr/sbin/sshd", "/usr/sbin/nft", "/usr/bin/ssh"}) {
        if (!QFile::exists(QString::fromLatin1(program)))
            return QStringLiteral("%1 is not installed").arg(QString::fromLatin1(program));
    }
    return {};
}

Lab::Lab() : m_parent(QDir::tempPath() + QStringLiteral("/footbridge-test-XXXXXX"))
{
    // sshd gives up root for a login: its accounts live below this folder.
    QFile::setPermissions(m_parent.path(), QFile::permissions(m_parent.path()) | QFile::ReadGroup | QFile::ExeGroup |
                                               QFile::ReadOther | QFile::ExeOther);
    m_directory = m_parent.filePath(QStringLiteral("lab"));
}

Lab::~Lab()
{
    const auto lab = process({QStringLiteral("down"), m_directory});
    lab->start();
    finish(*lab, 60);
}

QString Lab::up()
{
    const auto lab = process({QStringLiteral("up"), m_directory});
    lab->start();
    const Ran ran = finish(*lab, 120);
    return ran.exitCode == 0 ? QString() : QString::fromUtf8(ran.errors + ran.output);
}

QString Lab::directory() const
{
    return m_directory;
}

QString Lab::socketOf(const QString& node) const
{
    return QStringLiteral("%1/nodes/%2/agent.sock").arg(m_directory, node);
}

QString Lab::keyFile() const
{
    return m_directory + QStringLiteral("/id_ed25519");
}

QString Lab::namespaceOf(const QString& node)
{
    const auto lab = process({QStringLiteral("namespace"), m_directory, node});
    lab->start();
    return QString::fromUtf8(finish(*lab, 60).output).trimmed();
}

QStringList Lab::devices() const
{
    QStringList names;
    for (const QString& line : topologyLines(QStringLiteral("device")))
        names << line.split(u' ', Qt::SkipEmptyParts).at(1);
    return names;
}

std::vector<Cable> Lab::cables() const
{
    std::vector<Cable> cables;
    for (const QString& line : topologyLines(QStringLiteral("link"))) {
        const QStringList words = line.split(u' ', Qt::SkipEmptyParts);
        cables.push_back({.a = words.at(1), .b = words.at(2), .cost = words.at(3).toInt() + words.at(4).toInt()});
    }
    return cables;
}

Ran Lab::run(const QString& node, const QStringList& command, int limitSeconds)
{
    const auto running = start(node, command);
    return finish(*running, limitSeconds);
}

std::unique_ptr<QProcess> Lab::start(const QString& node, const QStringList& command)
{
    auto running = process(QStringList{QStringLiteral("exec"), m_directory, node} + command);
    running->start();
    return running;
}

void Lab::control(const QStringList& command)
{
    QStringList arguments = command;
    arguments.insert(1, m_directory);
    const auto lab = process(arguments);
    lab->start();
    const Ran ran = finish(*lab, 60);
    if (ran.exitCode != 0)
        qFatal("lab %s: %s", qPrintable(command.join(u' ')), ran.errors.constData());
}

QStringList Lab::topologyLines(const QString& kind) const
{
    QFile file(m_directory + QStringLiteral("/topology"));
    QStringList lines;
    if (file.open(QIODevice::ReadOnly)) {
        for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n')) {
            if (line.startsWith(kind + u' '))
                lines << line;
        }
    }
    return lines;
}

std::unique_ptr<QProcess> Lab::process(const QStringList& arguments) const
{
    auto made = std::make_unique<QProcess>();
    auto environment = QProcessEnvironment::systemEnvironment();
    const QString programs = QCoreApplication::applicationDirPath();
    environment.insert(QStringLiteral("FB_BIN"), programs);
    environment.insert(QStringLiteral("PATH"), programs + u':' + environment.value(QStringLiteral("PATH")));
    environment.insert(QStringLiteral("FOOTBRIDGE_SOCKET"), socketOf(QStringLiteral("desk")));
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_parent.filePath(QStringLiteral("state")));
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_parent.filePath(QStringLiteral("config")));
    made->setProcessEnvironment(environment);
    made->setProgram(labProgram());
    made->setArguments(arguments);
    return made;
}

} // namespace fb::test
