// SPDX-License-Identifier: Apache-2.0
// What is left of a run for people: a text line for each thing that happened, and the frames as a capture file.
#pragma once

#include "tests/sim/Scenario.h"

#include <deque>
#include <fstream>
#include <string>

namespace fb::sim {

/// Writes while the scenario runs; an empty name writes no such file. The scenario must not outlive it.
class Recorder {
public:
    Recorder(Scenario& scenario, const std::string& traceFile, const std::string& pcapFile);

    /// What every node counts and which streams it has, at the end of the trace.
    void describeNodes();
    /// The last lines of the trace.
    [[nodiscard]] const std::deque<std::string>& lastLines() const { return m_last; }

private:
    void line(const std::string& text);
    void frame(const SentFrame& sent, const char* who);
    void packet(const SentFrame& sent);

    Scenario& m_scenario;
    std::ofstream m_trace;
    std::ofstream m_pcap;
    std::deque<std::string> m_last;
};

} // namespace fb::sim
