// SPDX-License-Identifier: Apache-2.0
// The lists of secrets as a tree of two levels: the list for all ports, then each port; below them their secrets in
// order, by fingerprint. A port without a list of its own has no rows. Changed in place.
#pragma once

#include "core/agent/SecretLists.h"

#include <QAbstractItemModel>

#include <optional>
#include <string>
#include <vector>

namespace fb::ui {

enum class SecretColumn { Name, Use, Count };

class SecretModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    using QAbstractItemModel::QAbstractItemModel;

    /// `ports`: the interfaces that are ports; those with a list of their own are shown whether or not they are.
    void apply(const std::vector<agent::SecretScope>& scopes, const std::vector<std::string>& ports);

    /// The list that a row is or belongs to, by interface; empty for all ports and for no row.
    [[nodiscard]] std::string interfaceAt(const QModelIndex& index) const;
    /// The secret that a row is; none for the row of a list.
    [[nodiscard]] std::optional<std::string> fingerprintAt(const QModelIndex& index) const;
    /// Whether the list that the row belongs to is one; a port may do without.
    [[nodiscard]] bool hasOwnList(const QModelIndex& index) const;
    /// The row of a secret in a list, or that of the list if it is not there.
    [[nodiscard]] QModelIndex find(const std::string& interface, const std::optional<std::string>& fingerprint) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct List {
        std::string interface; ///< empty: all ports
        bool isOwn = false;
        std::vector<std::string> fingerprints;
        quintptr number = 0; ///< names the list in the ids of its secrets' indexes

        [[nodiscard]] bool showsTheSame(const List& other) const
        {
            return isOwn == other.isOwn && fingerprints == other.fingerprints;
        }
    };

    [[nodiscard]] const List* listAt(const QModelIndex& index) const;
    [[nodiscard]] int rowOf(quintptr number) const;
    void replaceList(int row, List fresh);
    [[nodiscard]] static QString listText(const List& list, SecretColumn column);
    [[nodiscard]] static QString secretText(const List& list, std::size_t at, SecretColumn column);

    quintptr m_lastNumber = 0;
    std::vector<List> m_lists; ///< all ports first, then ascending by interface
};

} // namespace fb::ui
