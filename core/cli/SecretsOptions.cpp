// SPDX-License-Identifier: Apache-2.0
#include "core/cli/SecretsOptions.h"

#include <array>
#include <string_view>
#include <utility>

namespace fb::cli {

namespace {

using Verb = SecretsCommand::Verb;

constexpr std::array kVerbs{std::pair<std::string_view, Verb>{"list", Verb::List},
                            std::pair<std::string_view, Verb>{"add", Verb::Add},
                            std::pair<std::string_view, Verb>{"first", Verb::First},
                            std::pair<std::string_view, Verb>{"remove", Verb::Remove},
                            std::pair<std::string_view, Verb>{"set", Verb::Set},
                            std::pair<std::string_view, Verb>{"clear", Verb::Clear},
                            std::pair<std::string_view, Verb>{"confirm", Verb::Confirm},
                            std::pair<std::string_view, Verb>{"revert", Verb::Revert}};

void addExample(CLI::App* command, const std::string& example)
{
    command->footer("Example:\n  " + example +
                    "\n\nA secret is typed without echo, or is a line of standard input; it is never an argument.\n");
}

} // namespace

void SecretsOptions::addChange(CLI::App& secrets, const char* verb, const char* description, const char* example)
{
    auto* command = secrets.add_subcommand(verb, description);
    const std::string_view name(verb);
    auto* port = command->add_option("--port", m_secrets.port, "The list of this interface instead of the one for all");
    command->add_option("--confirm-within", m_confirmWithin, "Seconds after which it is put back without a confirm")
        ->check(CLI::Range(5.0, 600.0));
    if (name != "set" && name != "clear") {
        command->add_option("--where", m_secrets.where, "Every list that holds the secret with this fingerprint")
            ->excludes(port);
    }
    if (name == "first" || name == "remove")
        command->add_option("--fingerprint", m_secrets.fingerprints, "The secret by its fingerprint")
            ->allow_extra_args(false);
    if (name != "clear")
        command->add_flag("--empty", m_empty, "The empty secret: frames without a keyed hash");
    addExample(command, example);
}

void SecretsOptions::addRotate(CLI::App& secrets)
{
    auto* rotate = secrets.add_subcommand("rotate", "Give every node a new secret and take the old one away");
    rotate->add_option("node", m_rotate.nodes, "[USER@]NODE; none: every node of the map");
    rotate->add_option("--nodes-from", m_rotate.nodesFile, "A file with one of these a line");
    rotate->add_option("--skip", m_rotate.skip, "A node that is left out (repeatable)")->allow_extra_args(false);
    rotate->add_option("-l,--login", m_rotate.user, "The user on the nodes");
    rotate->add_option("-i,--identity", m_identity, "The key to log in with: ssh -i");
    rotate->add_option("-o", m_sshSettings, "A setting of ssh_config(5) (repeatable)")->allow_extra_args(false);
    rotate
        ->add_option("--program", m_rotate.program, "How footbridgectl is called there, such as \"sudo footbridgectl\"")
        ->capture_default_str();
    rotate->add_option("--confirm-within", m_rotateConfirm, "Seconds after which a node that got lost is as before")
        ->check(CLI::Range(10, 600))
        ->capture_default_str();
    auto* dryRun = rotate->add_flag("--dry-run", m_dryRun, "Show who would do what, and leave");
    auto* resume = rotate->add_flag("--resume", m_resume, "Go on with a rotation that was interrupted");
    auto* abandon = rotate->add_flag("--abandon", m_abandon, "Forget it; the nodes stay as they are");
    resume->excludes(dryRun)->excludes(abandon);
    abandon->excludes(dryRun);
    addExample(rotate, "footbridgectl secrets rotate -l root -i ~/.ssh/lab");
}

void SecretsOptions::addTo(CLI::App& app)
{
    m_app = app.add_subcommand("secrets", "The secrets that the agent signs with and accepts, and their rotation");
    m_app->require_subcommand(1);
    addExample(m_app, "footbridgectl secrets list");
    auto* list = m_app->add_subcommand("list", "Show the fingerprints, never the secrets");
    addExample(list, "footbridgectl secrets list");
    addChange(*m_app, "add", "Accept one more; what is sent stays as it is", "footbridgectl secrets add");
    addChange(*m_app, "first", "Send with one of those accepted", "footbridgectl secrets first --fingerprint 1f3a9c02");
    addChange(*m_app, "remove", "Accept one no more", "footbridgectl secrets remove --fingerprint 1f3a9c02");
    addChange(*m_app, "set", "Replace the whole list: a secret a line, the first is sent with",
              "footbridgectl secrets set --port eth0 < secrets.txt");
    addChange(*m_app, "clear", "No secrets at all; with --port: those for all ports hold",
              "footbridgectl secrets clear");
    addExample(m_app->add_subcommand("confirm", "Keep a change that was made with --confirm-within"),
               "footbridgectl secrets confirm");
    addExample(m_app->add_subcommand("revert", "Put such a change back at once"), "footbridgectl secrets revert");
    addRotate(*m_app);
}

AnyCommand SecretsOptions::command() const
{
    const std::string name = m_app->get_subcommands().front()->get_name();
    if (name == "rotate") {
        auto rotate = m_rotate;
        using Mode = RotateCommand::Mode;
        rotate.mode = m_dryRun ? Mode::DryRun : m_resume ? Mode::Resume : m_abandon ? Mode::Abandon : Mode::Start;
        rotate.confirmWithin = std::chrono::seconds(m_rotateConfirm);
        if (!m_identity.empty())
            rotate.sshOptions.insert(rotate.sshOptions.end(), {"-i", m_identity});
        for (const auto& setting : m_sshSettings)
            rotate.sshOptions.insert(rotate.sshOptions.end(), {"-o", setting});
        return rotate;
    }
    auto secrets = m_secrets;
    for (const auto& [verb, value] : kVerbs) {
        if (verb == name)
            secrets.verb = value;
    }
    secrets.empty = m_empty ? SecretsCommand::Empty::Yes : SecretsCommand::Empty::No;
    if (m_confirmWithin) {
        secrets.confirmWithin = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*m_confirmWithin));
    }
    return secrets;
}

} // namespace fb::cli
