// SPDX-License-Identifier: Apache-2.0
// Tool tips have no plain format: Qt guesses from the text whether it is markup. A name from the network must never be.
#pragma once

#include <QString>
#include <QTextDocument>

namespace fb::ui {

/// What shows `text` as it stands.
[[nodiscard]] inline QString plainToolTip(const QString& text)
{
    return Qt::mightBeRichText(text) ? Qt::convertFromPlainText(text) : text;
}

} // namespace fb::ui
