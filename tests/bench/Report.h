// SPDX-License-Identifier: Apache-2.0
// What a benchmark measured: a line for people on standard output and one JSON file for `./dev bench report`. A value
// means little without the baseline that was measured beside it, so each carries one where there is one.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace fb::bench {

struct Measurement {
    struct Baseline {
        std::string name; ///< what was measured beside it, such as "Boost.Graph"
        double value = 0; ///< in the same unit
    };

    std::string name;                  ///< what is measured, such as "best path"
    nlohmann::ordered_json parameters; ///< an object: under which circumstances, such as {"nodes": 10000}
    double value = 0;                  ///< median, if it was measured more than once
    std::string unit;                  ///< "ms", "MB/s", "frames/s", ...
    std::optional<Baseline> baseline = std::nullopt;

    /// How often the baseline goes into the value.
    [[nodiscard]] std::optional<double> ratio() const
    {
        return baseline && baseline->value != 0 ? std::optional(value / baseline->value) : std::nullopt;
    }
};

class Report {
public:
    /// `benchmark` names the file, and is what `./dev bench` takes: "Paths".
    explicit Report(std::string benchmark) : m_benchmark(std::move(benchmark)) {}

    void add(const Measurement& measured)
    {
        print(measured);
        nlohmann::ordered_json entry = {{"name", measured.name},
                                        {"parameters", measured.parameters},
                                        {"value", measured.value},
                                        {"unit", measured.unit}};
        if (measured.baseline) {
            entry["baseline"] = {{"name", measured.baseline->name}, {"value", measured.baseline->value}};
            if (const auto ratio = measured.ratio())
                entry["ratio"] = *ratio;
        }
        m_measurements.push_back(std::move(entry));
    }

    /// Writes `directory`/NAME.json; the exit code of a program that ends with it.
    [[nodiscard]] int write(const std::filesystem::path& directory = FB_BENCH_RESULTS) const
    {
        std::error_code error;
        std::filesystem::create_directories(directory, error);
        const auto file = directory / (m_benchmark + ".json");
        std::ofstream out(file);
        const nlohmann::ordered_json content = {{"benchmark", m_benchmark}, {"measurements", m_measurements}};
        out << content.dump(2) << '\n';
        out.flush();
        if (!out)
            std::cerr << "cannot write " << file << '\n';
        return out ? 0 : 1;
    }

private:
    static void print(const Measurement& measured)
    {
        std::cout << measured.name;
        for (const auto& [key, value] : measured.parameters.items())
            std::cout << ", " << key << ' ' << (value.is_string() ? value.get<std::string>() : value.dump());
        std::cout << ": " << std::setprecision(4) << measured.value << ' ' << measured.unit;
        if (const auto ratio = measured.ratio())
            std::cout << ", " << *ratio << " of " << measured.baseline->name << " (" << measured.baseline->value << ')';
        std::cout << std::endl;
    }

    std::string m_benchmark;
    nlohmann::ordered_json m_measurements = nlohmann::ordered_json::array();
};

} // namespace fb::bench
