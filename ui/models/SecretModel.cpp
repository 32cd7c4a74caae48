// SPDX-License-Identifier: Apache-2.0
#include "ui/models/SecretModel.h"

#include "ui/bridge/Format.h"

#include <algorithm>
#include <map>

namespace fb::ui {

namespace {

/// internalId of a list's row; a secret carries the number of its list instead, which stays when lists come and go.
constexpr quintptr kTopLevel = 0;

} // namespace

void SecretModel::apply(const std::vector<agent::SecretScope>& scopes, const std::vector<std::string>& ports)
{
    std::map<std::string, List> lists;
    lists[{}] = List{.interface = {}, .isOwn = true, .fingerprints = {}};
    for (const auto& port : ports)
        lists.emplace(port, List{.interface = port, .isOwn = false, .fingerprints = {}});
    for (const auto& scope : scopes)
        lists[scope.interface] = List{.interface = scope.interface, .isOwn = true, .fingerprints = scope.fingerprints};

    for (int row = rowCount() - 1; row >= 0; --row) {
        if (lists.contains(m_lists[static_cast<std::size_t>(row)].interface))
            continue;
        beginRemoveRows({}, row, row);
        m_lists.erase(m_lists.begin() + row);
        endRemoveRows();
    }
    int row = 0;
    for (auto& [interface, list] : lists) {
        const auto at = static_cast<std::size_t>(row);
        if (at == m_lists.size() || m_lists[at].interface != interface) {
            beginInsertRows({}, row, row);
            m_lists.insert(m_lists.begin() + row, std::move(list));
            m_lists[at].number = ++m_lastNumber;
            endInsertRows();
        } else if (!m_lists[at].showsTheSame(list)) {
            replaceList(row, std::move(list));
        }
        ++row;
    }
}

void SecretModel::replaceList(int row, List fresh)
{
    List& shown = m_lists[static_cast<std::size_t>(row)];
    const QModelIndex top = index(row, 0);
    const int before = static_cast<int>(shown.fingerprints.size());
    const int now = static_cast<int>(fresh.fingerprints.size());
    if (now < before) {
        beginRemoveRows(top, now, before - 1);
        shown.fingerprints.resize(fresh.fingerprints.size());
        endRemoveRows();
    } else if (now > before) {
        beginInsertRows(top, before, now - 1);
        shown.fingerprints.resize(fresh.fingerprints.size());
        endInsertRows();
    }
    fresh.number = shown.number;
    shown = std::move(fresh);
    Q_EMIT dataChanged(top, index(row, columnCount() - 1));
    if (now > 0)
        Q_EMIT dataChanged(index(0, 0, top), index(now - 1, columnCount() - 1, top));
}

const SecretModel::List* SecretModel::listAt(const QModelIndex& index) const
{
    if (!index.isValid())
        return nullptr;
    return &m_lists[static_cast<std::size_t>(index.internalId() == kTopLevel ? index.row()
                                                                             : rowOf(index.internalId()))];
}

int SecretModel::rowOf(quintptr number) const
{
    return static_cast<int>(std::ranges::find(m_lists, number, &List::number) - m_lists.begin());
}

std::string SecretModel::interfaceAt(const QModelIndex& index) const
{
    const List* list = listAt(index);
    return list != nullptr ? list->interface : std::string();
}

std::optional<std::string> SecretModel::fingerprintAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == kTopLevel)
        return std::nullopt;
    return listAt(index)->fingerprints[static_cast<std::size_t>(index.row())];
}

bool SecretModel::hasOwnList(const QModelIndex& index) const
{
    const List* list = listAt(index);
    return list != nullptr && list->isOwn;
}

QModelIndex SecretModel::find(const std::string& interface, const std::optional<std::string>& fingerprint) const
{
    const auto list = std::ranges::find(m_lists, interface, &List::interface);
    if (list == m_lists.end())
        return {};
    const QModelIndex top = index(static_cast<int>(list - m_lists.begin()), 0);
    const auto secret = std::ranges::find(list->fingerprints, fingerprint.value_or(std::string()));
    return secret == list->fingerprints.end() ? top
                                              : index(static_cast<int>(secret - list->fingerprints.begin()), 0, top);
}

QModelIndex SecretModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column,
                       parent.isValid() ? m_lists[static_cast<std::size_t>(parent.row())].number : kTopLevel);
}

QModelIndex SecretModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == kTopLevel)
        return {};
    return createIndex(rowOf(index.internalId()), 0, kTopLevel);
}

int SecretModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_lists.size());
    if (parent.internalId() != kTopLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_lists[static_cast<std::size_t>(parent.row())].fingerprints.size());
}

int SecretModel::columnCount(const QModelIndex&) const
{
    return static_cast<int>(SecretColumn::Count);
}

QString SecretModel::listText(const List& list, SecretColumn column)
{
    if (column == SecretColumn::Name)
        return list.interface.empty() ? tr("All ports") : fromCore(list.interface);
    if (!list.isOwn)
        return tr("as all ports");
    if (list.fingerprints.empty())
        return tr("no secrets: everybody is believed");
    return list.interface.empty() ? tr("for every port without a list of its own") : tr("a list of its own");
}

QString SecretModel::secretText(const List& list, std::size_t at, SecretColumn column)
{
    const std::string& fingerprint = list.fingerprints[at];
    const bool isEmpty = fingerprint == agent::kEmptyFingerprint;
    if (column == SecretColumn::Name)
        return isEmpty ? tr("without a secret") : fromCore(fingerprint);
    return at == 0 ? tr("sent and accepted") : tr("accepted");
}

QVariant SecretModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::DisplayRole)
        return {};
    const auto column = static_cast<SecretColumn>(index.column());
    const List& list = *listAt(index);
    if (index.internalId() == kTopLevel)
        return listText(list, column);
    return secretText(list, static_cast<std::size_t>(index.row()), column);
}

QVariant SecretModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return static_cast<SecretColumn>(section) == SecretColumn::Name ? tr("Secret") : tr("Used");
}

} // namespace fb::ui
