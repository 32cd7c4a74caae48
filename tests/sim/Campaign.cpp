// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Campaign.h"

#include "tests/sim/Recorder.h"
#include "tests/sim/Scenario.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>

namespace fb::sim {

namespace {

/// Resident memory that no seed may exceed: every table in the engines is bounded.
constexpr long kMemoryMaxKilobytes = 512L * 1024;

struct Worker {
    std::uint64_t seed = 0;
    int output = -1;
};

struct Outcome {
    bool isGood = false;
    std::string text;
};

std::string describe(const ScenarioResult& result)
{
    std::ostringstream text;
    text << "hash " << std::hex << std::setw(16) << std::setfill('0') << result.traceHash << std::dec << ", "
         << result.nodes << " nodes, " << result.cycles << " storms, " << result.steps << " steps, "
         << std::chrono::duration_cast<std::chrono::seconds>(result.virtualTime).count() << " s, "
         << result.traffic.sessions << " streams (" << result.traffic.endedWell << " ended well), "
         << result.traffic.bytes << " bytes, " << result.traffic.echoesAnswered << '/' << result.traffic.echoes
         << " echoes, " << result.hostileFrames << " hostile frames, " << result.drills.policies << " policies ("
         << result.drills.refused << " refused), " << result.drills.pinsCut << " pins cut, " << result.drills.lies
         << " lies (" << result.drills.movesByLies << " moves), " << result.drills.rotations << " rotations";
    return text.str();
}

std::string commandToRepeat(const CampaignOptions& options, std::uint64_t seed)
{
    return "./dev sim --seed " + std::to_string(seed) + " --steps " + std::to_string(options.steps);
}

/// The seed again, writing down what happens.
Outcome record(const CampaignOptions& options, std::uint64_t seed, const std::string& traceFile,
               const std::string& pcapFile)
{
    Scenario scenario(seed, options.steps);
    Recorder recorder(scenario, traceFile, pcapFile);
    try {
        return {.isGood = true, .text = describe(scenario.run())};
    } catch (const Violation& violation) {
        std::string text = violation.what();
        recorder.describeNodes();
        text += "\n  the last that happened:\n";
        for (const auto& line : recorder.lastLines())
            text += "    " + line + '\n';
        return {.isGood = false, .text = std::move(text)};
    }
}

Outcome runOnce(const CampaignOptions& options, std::uint64_t seed)
{
    if (!options.traceFile.empty() || !options.pcapFile.empty())
        return record(options, seed, options.traceFile, options.pcapFile);
    try {
        return {.isGood = true, .text = describe(Scenario(seed, options.steps).run())};
    } catch (const Violation&) {
        const std::string base = options.failureFolder + "/sim-" + std::to_string(seed);
        auto outcome = record(options, seed, base + ".trace", base + ".pcap");
        if (outcome.isGood)
            outcome = {.isGood = false, .text = "failed once and not again: something is not decided by the seed"};
        outcome.text += "  trace: " + base + ".trace, capture: " + base + ".pcap";
        return outcome;
    }
}

Outcome runSeed(const CampaignOptions& options, std::uint64_t seed)
{
    auto outcome = runOnce(options, seed);
    if (outcome.isGood && options.isVerified) {
        const auto again = runOnce(options, seed);
        if (again.text != outcome.text)
            return {.isGood = false, .text = "two runs, two histories:\n    " + outcome.text + "\n    " + again.text};
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    if (outcome.isGood && usage.ru_maxrss > kMemoryMaxKilobytes)
        return {.isGood = false, .text = "memory: " + std::to_string(usage.ru_maxrss) + " KB resident"};
    return outcome;
}

Worker startWorker(const CampaignOptions& options, std::uint64_t seed, pid_t& child)
{
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0 || (child = fork()) < 0) {
        std::cerr << "sim: no more processes\n";
        std::exit(2);
    }
    if (child == 0) {
        close(ends[0]);
        const auto outcome = runSeed(options, seed);
        // A pipe's buffer holds a report: nobody reads before the child has ended.
        const std::string report = outcome.text.substr(0, 32768);
        if (write(ends[1], report.data(), report.size()) < 0)
            _exit(3);
        _exit(outcome.isGood ? 0 : 1);
    }
    close(ends[1]);
    return {.seed = seed, .output = ends[0]};
}

std::string readAll(int descriptor)
{
    std::string text;
    char chunk[4096];
    for (ssize_t count = 0; (count = read(descriptor, chunk, sizeof chunk)) > 0;)
        text.append(chunk, static_cast<std::size_t>(count));
    close(descriptor);
    return text;
}

/// Says how a seed went; true if well.
bool report(const CampaignOptions& options, const Worker& worker, int status)
{
    const std::string text = readAll(worker.output);
    const bool isGood = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (isGood) {
        if (!options.isQuiet)
            std::cout << "seed " << worker.seed << ": " << text << std::endl;
        return true;
    }
    std::cout << "FAILED: seed " << worker.seed << ": " << text << '\n';
    if (WIFSIGNALED(status))
        std::cout << "  ended by signal " << WTERMSIG(status) << '\n';
    std::cout << "  to repeat: " << commandToRepeat(options, worker.seed) << std::endl;
    return false;
}

} // namespace

std::size_t runCampaign(const CampaignOptions& options)
{
    std::map<pid_t, Worker> workers;
    std::size_t failures = 0;
    std::size_t next = 0;
    while (next < options.seeds.size() || !workers.empty()) {
        while (next < options.seeds.size() && workers.size() < options.jobs) {
            pid_t child = -1;
            const Worker worker = startWorker(options, options.seeds[next++], child);
            workers.emplace(child, worker);
        }
        int status = 0;
        const pid_t ended = waitpid(-1, &status, 0);
        const auto worker = workers.find(ended);
        if (worker == workers.end())
            continue;
        failures += report(options, worker->second, status) ? 0 : 1;
        workers.erase(worker);
    }
    return failures;
}

} // namespace fb::sim
