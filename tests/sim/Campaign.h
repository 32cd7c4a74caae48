// SPDX-License-Identifier: Apache-2.0
// Many seeds, each in a process of its own: as many at a time as asked for. A seed that breaks a rule, crashes, or does
// not repeat itself is run again up to that moment with a trace and a capture file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fb::sim {

struct CampaignOptions {
    std::vector<std::uint64_t> seeds;
    std::uint64_t steps = 100'000;
    unsigned jobs = 1;
    bool isVerified = false; ///< each seed twice: the same trace, or something non-deterministic leaked in
    bool isQuiet = false;    ///< only failures and the sum
    std::string traceFile;   ///< given: for one seed, always
    std::string pcapFile;
    std::string failureFolder = "."; ///< where traces and captures of failures go
};

/// How many seeds failed.
[[nodiscard]] std::size_t runCampaign(const CampaignOptions& options);

} // namespace fb::sim
