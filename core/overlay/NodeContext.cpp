// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/NodeContext.h"

#include "core/base/Assert.h"
#include "core/romon/Text.h"

namespace fb::overlay {

namespace {

/// One event for many frames: the alarm is for a person.
constexpr RateLimit::Rate kDuplicateIdAlarms{.perSecond = 1, .burst = 1};

} // namespace

NodeContext::NodeContext(Config given, RandomSource& source, Instant now)
    : config(std::move(given)),
      random(source),
      startedAt(now),
      outbox(config.limits, counters, source, now),
      duplicateIdAlarms(kDuplicateIdAlarms)
{
    FB_ASSERT(config.id.isUsable() && config.board.starts_with("Footbridge"));
    // What we say of ourselves obeys the rules that we hold others to, and fits its TLV.
    config.identity = romon::displayText(config.identity);
    config.board = romon::displayText(config.board);
}

void reportDuplicateId(NodeContext& context, const Heard& heard)
{
    heard.drop(context, Counter::DuplicateId);
    context.duplicateIdAt = heard.now;
    if (context.duplicateIdAlarms.take(heard.now))
        context.outbox.publish(DuplicateIdSeen{.mac = heard.from, .port = heard.port.id});
}

romon::Version ownVersion()
{
    return {.major = FB_VERSION_MAJOR, .minor = FB_VERSION_MINOR, .kind = 'f', .revision = FB_VERSION_PATCH};
}

} // namespace fb::overlay
