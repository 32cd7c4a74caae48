// SPDX-License-Identifier: Apache-2.0
// What a snapshot gives reason to tell the user unasked, in words.
#pragma once

#include "ui/bridge/NodeNames.h"

namespace fb::ui {

/// "Heard 14 frames from 02:00:00:00:00:09, none match your secrets."; the loudest senders by name, the others by
/// number. Empty if nobody was refused.
[[nodiscard]] QString unverifiedText(std::vector<overlay::UnverifiedSender> senders, const NodeNames& names);

/// Another node uses our id. No age: it has just been heard.
[[nodiscard]] QString duplicateIdText(const MacAddress& mac, const std::string& interface,
                                      std::optional<Duration> sinceHeard = std::nullopt);

} // namespace fb::ui
