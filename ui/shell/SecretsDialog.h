// SPDX-License-Identifier: Apache-2.0
// The secrets of this node: one list for all ports, and for a port a list of its own in its place. Secrets go in and
// never come out: what is there is shown by fingerprint, what is typed only on demand, and it is wiped once it is sent.
#pragma once

#include "ui/bridge/ServiceBridge.h"
#include "ui/models/SecretModel.h"

#include <QDialog>
#include <QTimer>

#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTreeView;

namespace fb::ui {

class Banner;

class SecretsDialog final : public QDialog {
    Q_OBJECT

public:
    explicit SecretsDialog(ServiceBridge& agent, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildList();
    QWidget* buildEntry();
    QWidget* buildConfirmation();
    void build();
    void connectParts();
    void refresh();
    enum class Cause { Refresh, Change }; ///< of a list that came
    void apply(const agent::SecretsListed& listed, Cause cause);
    void showWaiting(const agent::SecretsListed& listed);
    void showSelection();
    void add(Secret secret);
    void change(agent::SecretChange change, std::optional<Duration> confirmWithin);
    void answer(agent::ConfirmSecrets::Keep keep);
    [[nodiscard]] std::optional<Duration> confirmWithin() const;
    [[nodiscard]] std::string interface() const;
    void say(const Error& error);
    void wipe();

    ServiceBridge& m_agent;
    SecretModel m_model;
    QTimer m_refresh;
    std::vector<agent::SecretScope> m_scopes;
    bool m_isWaiting = false; ///< a change is put back unless it is confirmed
    bool m_isAdding = false;  ///< the change under way is of what was typed
    quint64 m_listRequest = 0;
    quint64 m_changeRequest = 0;
    QTreeView* m_tree;
    QPushButton* m_first;
    QPushButton* m_remove;
    QPushButton* m_clear;
    QLabel* m_secretLabel;
    QLineEdit* m_secret;
    QCheckBox* m_reveal;
    QPushButton* m_add;
    QPushButton* m_addEmpty;
    QCheckBox* m_mustConfirm;
    QSpinBox* m_seconds;
    Banner* m_waiting;
    Banner* m_problem;
    QLabel* m_note;
};

} // namespace fb::ui
