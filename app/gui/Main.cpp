// SPDX-License-Identifier: Apache-2.0
// footbridge: the desktop client. Only options and wiring are here.
#include "app/gui/AgentChoice.h"
#include "app/gui/SshChoice.h"
#include "ui/shell/Desk.h"
#include "ui/shell/DialogPrompts.h"
#include "ui/shell/Theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

#include <csignal>
#include <cstdio>

namespace {

using namespace fb;
using namespace Qt::StringLiterals;

struct Options {
    QCommandLineParser parser;
    QCommandLineOption socket{u"socket"_s, ui::Desk::tr("Use the agent behind this control socket, and no other."),
                              u"path"_s};
    QCommandLineOption interface {
        u"interface"_s, ui::Desk::tr("Run an agent in this program, on this interface. May be repeated."), u"name"_s
    };
    QCommandLineOption settings{u"settings"_s, ui::Desk::tr("Keep the settings in this file."), u"file"_s};
    QCommandLineOption user{u"user"_s, ui::Desk::tr("Log in under this name."), u"name"_s};
    QCommandLineOption connect{
        u"connect"_s, ui::Desk::tr("Connect to this device, an identity or a RoMON id, as soon as it is heard."),
        u"node"_s};
    QCommandLineOption theme{u"theme"_s, ui::Desk::tr("light, dark or system."), u"theme"_s};

    Options()
    {
        parser.setApplicationDescription(ui::Desk::tr("Reaches devices over RoMON, without IP.") +
                                         u"\n\n    footbridge --interface eth0 --user admin --connect barn"_s);
        parser.addHelpOption();
        parser.addVersionOption();
        parser.addOptions({socket, interface, settings, user, connect, theme});
    }
};

/// An option that was given goes before the environment.
QString socketFrom(const Options& options)
{
    const bool isChosen = options.parser.isSet(options.socket) || options.parser.isSet(options.interface);
    return isChosen ? options.parser.value(options.socket) : qEnvironmentVariable("FOOTBRIDGE_SOCKET");
}

std::unique_ptr<QSettings> openSettings(const QString& file)
{
    if (file.isEmpty())
        return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, u"footbridge"_s,
                                           u"footbridge"_s);
    return std::make_unique<QSettings>(file, QSettings::IniFormat);
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a socket that breaks is an event, not the end of the program
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"footbridge"_s);
    QApplication::setApplicationDisplayName(u"Footbridge"_s);
    QApplication::setApplicationVersion(QStringLiteral(FB_VERSION));
    QApplication::setDesktopFileName(u"footbridge"_s);

    Options options;
    options.parser.process(application);
    const auto theme = ui::themeFromName(options.parser.value(options.theme));
    if (options.parser.isSet(options.theme) && !theme) {
        std::fputs("footbridge: --theme is one of light, dark, system\n", stderr);
        return 2;
    }
    const auto settings = openSettings(options.parser.value(options.settings));
    ui::Theme look(*settings);
    if (theme)
        look.apply(*theme);
    ui::ServiceBridge agent(
        app::agentOpener({.socket = socketFrom(options), .interfaces = options.parser.values(options.interface)}));
    ui::DialogPrompts prompts;
    ui::Desk desk({agent, prompts, *settings, look, app::connectSsh});
    if (options.parser.isSet(options.user))
        desk.connectWindow().setUser(options.parser.value(options.user));
    if (options.parser.isSet(options.connect))
        desk.connectWindow().connectWhenHeard(options.parser.value(options.connect));
    desk.show();
    agent.open();
    return QApplication::exec();
}
