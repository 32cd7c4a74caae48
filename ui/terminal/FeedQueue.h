// SPDX-License-Identifier: Apache-2.0
// Bytes that wait to be parsed, in the pieces they came in. Its owner keeps it short (see TerminalView::feed).
#pragma once

#include <QByteArray>

#include <algorithm>
#include <deque>

namespace fb::ui {

class FeedQueue {
public:
    void push(const QByteArray& bytes)
    {
        if (bytes.isEmpty())
            return;
        m_pieces.push_back(bytes);
        m_sizeBytes += bytes.size();
    }

    [[nodiscard]] bool isEmpty() const { return m_pieces.empty(); }
    [[nodiscard]] qsizetype sizeBytes() const { return m_sizeBytes; }

    /// Some of the oldest bytes, at most `sizeBytesMax`; good until the next push or drop.
    [[nodiscard]] QByteArrayView front(qsizetype sizeBytesMax) const
    {
        if (m_pieces.empty())
            return {};
        const auto rest = QByteArrayView(m_pieces.front()).sliced(m_taken);
        return rest.first(std::min(rest.size(), sizeBytesMax));
    }

    /// Forgets as many bytes as front() gave.
    void drop(qsizetype sizeBytes)
    {
        m_taken += sizeBytes;
        m_sizeBytes -= sizeBytes;
        if (m_taken == m_pieces.front().size()) {
            m_pieces.pop_front();
            m_taken = 0;
        }
    }

private:
    std::deque<QByteArray> m_pieces;
    qsizetype m_taken = 0; ///< of the first piece
    qsizetype m_sizeBytes = 0;
};

} // namespace fb::ui
