// SPDX-License-Identifier: Apache-2.0
// What the tests in the lab share: one lab a test program, and the command line's answers as JSON.
#pragma once

#include "tests/support/Lab.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <functional>
#include <memory>

namespace fb::test {

/// To be the base of a Qt Test class: initTestCase() builds the lab, cleanupTestCase() removes it.
class LabTest : public QObject {
    Q_OBJECT

protected:
    [[nodiscard]] Lab& lab() { return *m_lab; }

    /// footbridgectl --json ARGUMENTS on the workstation; an empty object if it failed.
    [[nodiscard]] QJsonObject ask(const QStringList& arguments);
    /// The node with this identity in a fresh answer to `neighbors`; empty if it is not there.
    [[nodiscard]] QJsonObject neighbor(const QString& identity);
    /// Asks until the answer is yes. The limit only keeps a broken build from hanging.
    [[nodiscard]] bool eventually(const std::function<bool()>& question, int limitSeconds = 90);
    /// OpenSSH's options for a login with the lab's key, through footbridgectl.
    [[nodiscard]] QStringList sshWithKey(const QString& node, const QStringList& command) const;

protected Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

private:
    std::unique_ptr<Lab> m_lab;
};

} // namespace fb::test
