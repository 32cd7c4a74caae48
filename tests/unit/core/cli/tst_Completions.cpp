// SPDX-License-Identifier: Apache-2.0
// The completions of the shells know every command, verb and option that the command line knows, and bash's, which can
// be run here, offers each where it belongs.
#include "core/cli/CommandLine.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

using namespace fb;

namespace {

QString fileOf(const char* name)
{
    return QStringLiteral(FB_COMPLETIONS "/") + QLatin1String(name);
}

QString helpOf(const QStringList& command)
{
    std::vector<std::string> words;
    for (const auto& word : command)
        words.push_back(word.toStdString());
    words.emplace_back("--help");
    return QString::fromStdString(std::get<cli::Notice>(cli::parseCommandLine(words)).text);
}

/// The first words of the lines of a help text that begin with two spaces and fit.
QStringList listed(const QString& help, const char* pattern)
{
    QStringList found;
    auto match = QRegularExpression(QLatin1String(pattern), QRegularExpression::MultilineOption).globalMatch(help);
    while (match.hasNext())
        found << match.next().captured(1);
    return found;
}

QStringList optionsOf(const QStringList& command)
{
    return listed(helpOf(command), "^  (?:-\\w,)?(--[a-z-]+)");
}

QStringList verbsOf(const QStringList& command)
{
    const auto help = helpOf(command);
    const auto at = help.indexOf(QLatin1String("\nSubcommands:"));
    const auto end = help.indexOf(QLatin1String("\nExample:"));
    return at < 0 ? QStringList() : listed(help.mid(at, end - at), "^  ([a-z-]+) ");
}

bool isForOpenSsh(const QString& command)
{
    return command == QLatin1String("ssh") || command == QLatin1String("scp") || command == QLatin1String("sftp");
}

/// Every command, and every command with each of its verbs.
QList<QStringList> allCommands()
{
    QList<QStringList> all;
    for (const auto& command : verbsOf({})) {
        all << QStringList{command};
        for (const auto& verb : verbsOf({command}))
            all << QStringList{command, verb};
    }
    return all;
}

} // namespace

class tst_Completions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_program = m_folder.filePath("footbridgectl");
        QFile program(m_program);
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\n[ \"$1\" = --socket ] && shift 2 && echo other\n"
                      "[ \"$*\" = complete-nodes ] && printf 'barn\\n02:00:00:00:00:03\\ngate\\n'\n");
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        QVERIFY(verbsOf({}).size() >= 13);
        QVERIFY(verbsOf({"path"}).contains("avoid"));
        QVERIFY(optionsOf({"path", "pin"}).contains("--session"));
    }

    void bashOffersEveryCommand()
    {
        const auto offered = bash({""});
        for (const auto& command : verbsOf({}))
            QVERIFY2(offered.contains(command), qPrintable(command));
        for (const auto& option : optionsOf({}))
            QVERIFY2(offered.contains(option), qPrintable(option));
        QVERIFY(!offered.contains("complete-nodes"));
    }

    void bashOffersTheOptionsOfEachCommandAndNoOthers()
    {
        const auto global = optionsOf({});
        for (const auto& command : allCommands()) {
            if (isForOpenSsh(command.front()))
                continue;
            auto offered = bash(command + QStringList{"--"});
            for (const auto& option : optionsOf(command))
                QVERIFY2(offered.removeAll(option) == 1, qPrintable(command.join(' ') + ' ' + option));
            for (const auto& option : global)
                offered.removeAll(option);
            // A command that has verbs may be followed by one with more options; what is left would be refused.
            QVERIFY2(offered.isEmpty(), qPrintable(command.join(' ') + ": " + offered.join(' ')));
        }
    }

    void bashOffersVerbsAndNodes()
    {
        const QStringList nodes{"barn", "02:00:00:00:00:03", "gate"};
        for (const auto& verb : verbsOf({"path"}))
            QVERIFY2(bash({"path", ""}).contains(verb), qPrintable(verb));
        for (const auto& verb : verbsOf({"secrets"}))
            QVERIFY2(bash({"secrets", ""}).contains(verb), qPrintable(verb));
        QVERIFY(bash({"path", ""}).contains("gate"));
        for (const QStringList& words : {QStringList{"path", "pin"}, {"path", "avoid"}, {"path", "clear"}, {"ping"}})
            QCOMPARE(bash(words + QStringList{""}), nodes);
        QCOMPARE(bash({"path", "avoid", "--avoid-node", "g"}), QStringList{"gate"});
        QCOMPARE(bash({"path", "avoid", "--avoid-link", "g"}), QStringList{"gate:"});
        QCOMPARE(bash({"ssh", "admin@g"}), QStringList{"admin@gate"});
        QVERIFY(bash({"path", "show", ""}).isEmpty());
        QVERIFY(bash({"path", "pin", "--number", ""}).isEmpty());
    }

    void bashKnowsWhatShortOptionsTake()
    {
        QVERIFY(bash({"secrets", "rotate", "-"}).contains("-o"));
        QCOMPARE(bash({"secrets", "rotate", "-i", m_folder.filePath("foot")}), QStringList{m_program});
        for (const char* option : {"-l", "-o"})
            QVERIFY2(bash({"secrets", "rotate", option, ""}).isEmpty(), option);
        QVERIFY(bash({"ping", "-i", ""}).isEmpty());
    }

    void bashAsksTheAgentThatIsNamed()
    {
        QVERIFY(bash({"--socket", "/tmp/s", "ping", "o"}).contains("other"));
        QVERIFY(bash({"ping", "o"}).isEmpty());
    }

    void zshAndFishKnowEverything_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("option"); ///< how one is written
        QTest::newRow("zsh") << fileOf("_footbridgectl") << "--%1";
        QTest::newRow("fish") << fileOf("footbridgectl.fish") << "-l %1 ";
    }
    void zshAndFishKnowEverything()
    {
        QFETCH(QString, file);
        QFETCH(QString, option);
        QFile opened(file);
        QVERIFY(opened.open(QIODevice::ReadOnly));
        const auto text = QString::fromUtf8(opened.readAll());
        for (const auto& command : allCommands()) {
            const QRegularExpression word("\\b" + command.back() + "\\b");
            QVERIFY2(text.contains(word), qPrintable(command.join(' ')));
            if (isForOpenSsh(command.front()))
                continue;
            for (const auto& name : optionsOf(command))
                QVERIFY2(text.contains(option.arg(name.mid(2))), qPrintable(command.join(' ') + ' ' + name));
        }
    }

private:
    /// What bash offers for the last of these words.
    QStringList bash(const QStringList& words)
    {
        QProcess shell;
        shell.start("bash", QStringList{"--norc", "-c",
                                        "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _footbridgectl; "
                                        "printf '%s\\n' \"${COMPREPLY[@]}\"",
                                        fileOf("footbridgectl.bash"), m_program} +
                                words);
        if (!shell.waitForFinished())
            qFatal("bash does not end");
        return QString::fromUtf8(shell.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
    }

    QTemporaryDir m_folder;
    QString m_program;
};

QTEST_GUILESS_MAIN(tst_Completions)
#include "tst_Completions.moc"
