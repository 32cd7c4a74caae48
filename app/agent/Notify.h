// SPDX-License-Identifier: Apache-2.0
// Tells the service manager how far the daemon is (sd_notify(3)'s protocol: one datagram to $NOTIFY_SOCKET).
#pragma once

#include <string_view>

/// Such as "READY=1". Without a service manager nothing happens.
void notifyServiceManager(std::string_view state);
