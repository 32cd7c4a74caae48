// SPDX-License-Identifier: Apache-2.0
// The lab of tests/lab/lab for one test program: built in a temporary folder, removed by the destructor. Needs root.
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <vector>

class QProcess;

namespace fb::test {

struct Ran {
    int exitCode = -1; ///< -1: did not end within its limit, and was ended
    QByteArray output;
    QByteArray errors;
};

/// A cable of the topology file.
struct Cable {
    QString a;
    QString b;
    int cost = 0; ///< both ports together: what a hop over it costs
};

class Lab {
public:
    /// Empty if the lab can be built here, otherwise the reason.
    [[nodiscard]] static QString whyNot();

    Lab();
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    /// Builds the network and starts every agent. Returns what went wrong, or nothing.
    [[nodiscard]] QString up();

    [[nodiscard]] QString directory() const;
    [[nodiscard]] QString socketOf(const QString& node) const;
    [[nodiscard]] QString keyFile() const;
    [[nodiscard]] QString namespaceOf(const QString& node);
    [[nodiscard]] QStringList devices() const; ///< the workstation left out
    [[nodiscard]] std::vector<Cable> cables() const;

    /// Runs a command in a node's network, where programs of this build come first in PATH and footbridgectl finds the
    /// workstation's agent. The limit is generous: it only keeps a broken build from hanging.
    Ran run(const QString& node, const QStringList& command, int limitSeconds = 120);
    /// The same without waiting.
    [[nodiscard]] std::unique_ptr<QProcess> start(const QString& node, const QStringList& command);
    /// A command of the lab itself: kill, start, cut, join.
    void control(const QStringList& command);

private:
    [[nodiscard]] QStringList topologyLines(const QString& kind) const;
    [[nodiscard]] std::unique_ptr<QProcess> process(const QStringList& arguments) const;

    QTemporaryDir m_parent;
    QString m_directory;
};

} // namespace fb::test
