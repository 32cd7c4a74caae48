// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/Format.h"

#include <QCoreApplication>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

QString twoDigits(long long value)
{
    return u"%1"_s.arg(value, 2, 10, QChar(u'0'));
}

} // namespace

QString fromCore(const std::string& text)
{
    return QString::fromStdString(text);
}

QString idText(const romon::RomonId& id)
{
    return QString::fromStdString(id.toString());
}

QString uptimeText(std::chrono::seconds uptime)
{
    long long rest = std::max<long long>(uptime.count(), 0);
    const long long weeks = rest / (7 * 86400);
    rest %= 7 * 86400;
    const long long days = rest / 86400;
    rest %= 86400;
    QString text;
    if (weeks > 0)
        text += u"%1w"_s.arg(weeks);
    if (days > 0)
        text += u"%1d"_s.arg(days);
    return text + twoDigits(rest / 3600) + u':' + twoDigits(rest / 60 % 60) + u':' + twoDigits(rest % 60);
}

QString durationText(Duration duration)
{
    const auto micros = std::max<long long>(duration.count(), 0);
    if (micros < 10'000)
        return u"%1 ms"_s.arg(static_cast<double>(micros) / 1000.0, 0, 'f', 1);
    if (micros < 1'000'000)
        return u"%1 ms"_s.arg((micros + 500) / 1000);
    if (micros < 10'000'000)
        return u"%1 s"_s.arg(static_cast<double>(micros) / 1'000'000.0, 0, 'f', 1);
    const long long seconds = micros / 1'000'000;
    if (seconds < 180)
        return u"%1 s"_s.arg(seconds);
    return u"%1 min %2 s"_s.arg(seconds / 60).arg(twoDigits(seconds % 60));
}

QString permilleText(std::uint32_t permille)
{
    if (permille % 10 == 0)
        return u"%1 %"_s.arg(permille / 10);
    return u"%1.%2 %"_s.arg(permille / 10).arg(permille % 10);
}

QString freshnessText(overlay::Freshness freshness)
{
    switch (freshness) {
    case overlay::Freshness::Fresh:
        return QCoreApplication::translate("fb::ui::Format", "Fresh");
    case overlay::Freshness::Stale:
        return QCoreApplication::translate("fb::ui::Format", "Stale");
    case overlay::Freshness::Lost:
        return QCoreApplication::translate("fb::ui::Format", "Lost");
    }
    return {};
}

} // namespace fb::ui
