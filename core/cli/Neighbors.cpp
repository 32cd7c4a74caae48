// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Neighbors.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/Stats.h"
#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace fb::cli {

namespace {

std::string flagOf(overlay::Freshness freshness)
{
    switch (freshness) {
    case overlay::Freshness::Fresh:
        return "A";
    case overlay::Freshness::Stale:
        return "S";
    case overlay::Freshness::Lost:
        return "L";
    }
    return {};
}

std::string hopsText(const overlay::Path& path)
{
    std::string text;
    for (const auto& hop : path.hops)
        text += (text.empty() ? "" : "\n") + hop.to.toString();
    return text;
}

/// The alternate screen of a terminal, left as it was found whatever ends the command.
class FullScreen {
public:
    explicit FullScreen(std::ostream& out) : m_out(out) { m_out << "\x1b[?1049h\x1b[?25l" << std::flush; }
    ~FullScreen() { m_out << "\x1b[?25h\x1b[?1049l" << std::flush; }
    FullScreen(const FullScreen&) = delete;
    FullScreen& operator=(const FullScreen&) = delete;

private:
    std::ostream& m_out;
};

void show(Context& context, const overlay::Snapshot& snapshot)
{
    Console& console = context.console;
    if (context.global.format == Format::Json)
        printJson(console, agent::toJson(snapshot));
    else if (console.outKind == Console::Kind::Terminal)
        console.out << screenOf(neighborsText(snapshot) + warningsText(snapshot.unverified, snapshot.duplicateId),
                                console)
                    << std::flush;
    else
        console.out << neighborsText(snapshot) << std::endl;
}

ExitCode watch(Context& context)
{
    std::unique_ptr<FullScreen> screen;
    if (context.global.format == Format::Text && context.console.outKind == Console::Kind::Terminal)
        screen = std::make_unique<FullScreen>(context.console.out);
    const auto request = context.talk.submit(agent::WatchNeighbors{});
    for (;;) {
        const auto body = context.talk.answer(request, std::nullopt);
        if (!body && body.error().code == ErrorCode::Cancelled)
            return ExitCode::Ok; // that is how a watch ends
        if (!body) {
            screen.reset();
            return fail(context, body.error(), "");
        }
        const auto* changed = std::get_if<agent::SnapshotChanged>(&*body);
        if (changed != nullptr && changed->snapshot != nullptr)
            show(context, *changed->snapshot);
        if (!context.console.out)
            return ExitCode::Failed; // nobody reads it any more
    }
}

} // namespace

std::string neighborsText(const overlay::Snapshot& snapshot)
{
    using Align = Table::Align;
    Table table({{"", Align::Left},
                 {"ADDRESS", Align::Left},
                 {"COST", Align::Right},
                 {"HOPS", Align::Right},
                 {"PATH", Align::Left},
                 {"L2MTU", Align::Right},
                 {"IDENTITY", Align::Left},
                 {"VERSION", Align::Left},
                 {"BOARD", Align::Left},
                 {"UPTIME", Align::Left}});
    for (const auto& node : snapshot.nodes) {
        const auto ifPath = [&](auto text) { return node.path ? text(*node.path) : std::string(); };
        table.addRow({flagOf(node.freshness), node.id.toString(),
                      ifPath([](const overlay::Path& path) { return std::to_string(path.cost); }),
                      ifPath([](const overlay::Path& path) { return std::to_string(path.hops.size()); }),
                      ifPath(hopsText), ifPath([](const overlay::Path& path) { return std::to_string(path.l2Mtu); }),
                      node.identity, node.version, node.board, node.uptime ? uptimeText(*node.uptime) : std::string()});
    }
    return "Flags: A - active, S - stale, L - lost\n" + table.toString();
}

std::string screenOf(std::string_view text, const Console& console)
{
    std::string screen = "\x1b[H";
    for (std::size_t row = 0; row < console.rows && !text.empty(); ++row) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        while (widthOf(line) > console.columns)
            line.remove_suffix(1);
        screen += (row == 0 ? "" : "\r\n") + std::string(line) + "\x1b[K";
    }
    return screen + "\x1b[J";
}

ExitCode runNeighbors(Context& context, const NeighborsCommand& command)
{
    if (command.mode == NeighborsCommand::Mode::Watch)
        return watch(context);
    const auto collected =
        command.wait ? collectFor(context.talk, *command.wait) : collectUntilSettled(context.talk, kCollectMax);
    if (!collected)
        return fail(context, collected.error(), "");
    const auto& snapshot = **collected;
    context.console.messages << warningsText(snapshot.unverified, snapshot.duplicateId) << std::flush;
    if (context.global.format == Format::Json)
        printJson(context.console, agent::toJson(snapshot));
    else if (!snapshot.nodes.empty())
        context.console.out << neighborsText(snapshot) << std::flush;
    if (!snapshot.nodes.empty())
        return ExitCode::Ok;
    context.console.messages << "footbridgectl: no node has answered on "
                             << (snapshot.ports.empty() ? "any interface: none is a port of the overlay"
                                                        : std::to_string(snapshot.ports.size()) + " port(s)")
                             << "; footbridgectl ports shows their state" << std::endl;
    return ExitCode::Negative;
}

} // namespace fb::cli
