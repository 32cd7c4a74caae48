// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/ModeTable.h"

#include <algorithm>
#include <array>

namespace fb::terminal {

namespace {

struct Flag {
    ModeFamily family;
    unsigned number;
    bool Modes::*member;
};

constexpr std::array<Flag, 14> kFlags{{{ModeFamily::Private, 1, &Modes::applicationCursor},
                                       {ModeFamily::Private, 5, &Modes::reverseVideo},
                                       {ModeFamily::Private, 6, &Modes::originMode},
                                       {ModeFamily::Private, 7, &Modes::autoWrap},
                                       {ModeFamily::Private, 12, &Modes::cursorBlinks},
                                       {ModeFamily::Private, 25, &Modes::cursorVisible},
                                       {ModeFamily::Private, 45, &Modes::reverseWrap},
                                       {ModeFamily::Private, 66, &Modes::applicationKeypad},
                                       {ModeFamily::Private, 1004, &Modes::focusReporting},
                                       {ModeFamily::Private, 1007, &Modes::alternateScroll},
                                       {ModeFamily::Private, 2004, &Modes::bracketedPaste},
                                       {ModeFamily::Private, 2026, &Modes::synchronizedOutput},
                                       {ModeFamily::Ansi, 4, &Modes::insert},
                                       {ModeFamily::Ansi, 20, &Modes::newLine}}};

struct Tracking {
    unsigned number;
    MouseTracking tracking;
};

constexpr std::array<Tracking, 4> kTrackings{{{9, MouseTracking::Press},
                                              {1000, MouseTracking::Click},
                                              {1002, MouseTracking::Drag},
                                              {1003, MouseTracking::AnyMotion}}};

constexpr unsigned kSgrMouse = 1006;
constexpr unsigned kAlternate = 47;
constexpr unsigned kAlternateCleared = 1047;
constexpr unsigned kCursorSaved = 1048;
constexpr unsigned kAlternateWithCursor = 1049;

const Flag* flagFor(ModeFamily family, unsigned number)
{
    const auto found =
        std::ranges::find_if(kFlags, [&](const Flag& flag) { return flag.family == family && flag.number == number; });
    return found == kFlags.end() ? nullptr : &*found;
}

const Tracking* trackingFor(unsigned number)
{
    const auto found = std::ranges::find(kTrackings, number, &Tracking::number);
    return found == kTrackings.end() ? nullptr : &*found;
}

/// xterm: 47 only switches; 1047 clears the alternate screen when it is left; 1049 saves the cursor and clears it when
/// it is entered.
bool changeScreen(Screen& screen, unsigned number, ModeAction action)
{
    const bool isSet = action == ModeAction::Set;
    if (number == kCursorSaved || (number == kAlternateWithCursor && isSet && !screen.modes.alternateScreen)) {
        if (isSet)
            screen.saveCursor();
        else
            screen.restoreCursor();
    }
    if (number == kCursorSaved)
        return true;
    if (number != kAlternate && number != kAlternateCleared && number != kAlternateWithCursor)
        return false;
    const bool wasAlternate = screen.modes.alternateScreen;
    if (number == kAlternateCleared && !isSet && wasAlternate)
        screen.grid().clear(screen.blank());
    screen.switchTo(isSet ? Screen::ScreenKind::Alternate : Screen::ScreenKind::Primary);
    if (number == kAlternateWithCursor && isSet && !wasAlternate)
        screen.grid().clear(screen.blank());
    if (number == kAlternateWithCursor && !isSet && wasAlternate)
        screen.restoreCursor();
    return true;
}

} // namespace

bool changeMode(Screen& screen, ModeFamily family, unsigned number, ModeAction action)
{
    const bool isSet = action == ModeAction::Set;
    if (const Flag* flag = flagFor(family, number)) {
        screen.modes.*flag->member = isSet;
        if (flag->member == &Modes::originMode)
            screen.moveTo(0, 0);
        if (flag->member == &Modes::reverseVideo)
            screen.grid().markAllDirty();
        return true;
    }
    if (family == ModeFamily::Ansi)
        return false;
    if (const Tracking* tracking = trackingFor(number)) {
        screen.modes.mouseTracking = isSet ? tracking->tracking : MouseTracking::None;
        return true;
    }
    if (number == kSgrMouse) {
        screen.modes.mouseEncoding = isSet ? MouseEncoding::Sgr : MouseEncoding::Legacy;
        return true;
    }
    return changeScreen(screen, number, action);
}

ModeState modeState(const Screen& screen, ModeFamily family, unsigned number)
{
    const auto stateOf = [](bool isSet) { return isSet ? ModeState::Set : ModeState::Reset; };
    if (const Flag* flag = flagFor(family, number))
        return stateOf(screen.modes.*flag->member);
    if (family == ModeFamily::Ansi)
        return ModeState::Unknown;
    if (const Tracking* tracking = trackingFor(number))
        return stateOf(screen.modes.mouseTracking == tracking->tracking);
    if (number == kSgrMouse)
        return stateOf(screen.modes.mouseEncoding == MouseEncoding::Sgr);
    if (number == kAlternate || number == kAlternateCleared || number == kAlternateWithCursor)
        return stateOf(screen.modes.alternateScreen);
    return ModeState::Unknown;
}

} // namespace fb::terminal
