// SPDX-License-Identifier: Apache-2.0
// footbridge-sim: the deterministic simulator as a program. Exits 1 if any seed broke a rule.
#include "tests/sim/Campaign.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

namespace {

/// One seed a line; what follows a '#' is why.
bool readSeeds(const std::string& file, std::vector<std::uint64_t>& seeds)
{
    std::ifstream input(file);
    for (std::string line; std::getline(input, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        for (std::uint64_t seed = 0; words >> seed;)
            seeds.push_back(seed);
    }
    return !seeds.empty();
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("Whole networks of real engines on a virtual wire and a virtual clock; one seed decides everything.");
    fb::sim::CampaignOptions options;
    options.jobs = std::max(1U, std::thread::hardware_concurrency());
    std::uint64_t seed = 1;
    std::uint64_t runs = 1;
    std::string seedFile;
    app.add_option("--seed", seed, "the first seed")->capture_default_str();
    app.add_option("--runs", runs, "how many seeds, from the first one on")->capture_default_str();
    app.add_option("--seeds", seedFile, "a file of seeds instead, one a line")->check(CLI::ExistingFile);
    app.add_option("--steps", options.steps, "things that happen in one run, at least")->capture_default_str();
    app.add_option("--jobs", options.jobs, "runs at a time")->capture_default_str()->check(CLI::Range(1, 1024));
    app.add_flag("--verify", options.isVerified, "run each seed twice and compare the histories");
    app.add_flag("--quiet", options.isQuiet, "print failures and the sum only");
    app.add_option("--trace", options.traceFile, "write everything that happens to this file (with --runs 1)");
    app.add_option("--pcap", options.pcapFile, "write every frame to this capture file (with --runs 1)");
    app.add_option("--failures", options.failureFolder, "folder for traces and captures of failures")
        ->capture_default_str()
        ->check(CLI::ExistingDirectory);
    CLI11_PARSE(app, argc, argv);

    if (seedFile.empty()) {
        for (std::uint64_t run = 0; run < runs; ++run)
            options.seeds.push_back(seed + run);
    } else if (!readSeeds(seedFile, options.seeds)) {
        std::cerr << "sim: no seeds in " << seedFile << '\n';
        return 2;
    }
    if (options.seeds.size() > 1 && !(options.traceFile.empty() && options.pcapFile.empty())) {
        std::cerr << "sim: --trace and --pcap are for one seed\n";
        return 2;
    }

    const auto begin = std::chrono::steady_clock::now();
    const std::size_t failures = fb::sim::runCampaign(options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << options.seeds.size() << " seeds of " << options.steps << " steps, " << failures << " failed, "
              << took.count() << " s" << std::endl;
    return failures == 0 ? 0 : 1;
}
