// What the runner of tests/vectors is made of: strict JSON, the vectors' values and configs, and a report.

#ifndef SUPPORT_HPP
#define SUPPORT_HPP

#include <cors.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

using nlohmann::json;

// Fails if the object has other members than these.
inline const json& only(const json& object, const std::set<std::string>& names) {
    for (const auto& [name, value] : object.items())
        if (names.count(name) == 0)
            throw std::runtime_error("an unknown member " + name);
    return object;
}

// A file of vectors, at least one. CORS_VECTORS names the folder.
inline json load(const std::string& file) {
    const char* folder = std::getenv("CORS_VECTORS");
    json vectors = json::parse(std::ifstream(std::string(folder ? folder : "tests/vectors") + "/" + file));
    if (!vectors.is_array() || vectors.empty())
        throw std::runtime_error(file + " holds no vector");
    return vectors;
}

// A <value> of the vectors: a text, hexadecimal bytes, or a text repeated.
inline std::string value(const json& written) {
    std::string bytes;
    if (written.is_string())
        return written;
    if (written.contains("hex")) {
        const std::string hex = only(written, {"hex"}).at("hex");
        for (std::size_t i = 0; i < hex.size(); i += 2)
            bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
        return bytes;
    }
    only(written, {"repeat", "times", "prefix", "suffix"});
    bytes = written.value("prefix", "");
    for (int i = 0; i < written.at("times").get<int>(); i++)
        bytes += written.at("repeat").get<std::string>();
    return bytes + written.value("suffix", "");
}

// The place of a vector, and what failed.
class report {
public:
    explicit report(std::string file) : file_(std::move(file)) {}

    void next(const json& vector) {
        index_++;
        rule_ = vector.contains("rule") ? vector.at("rule") : vector.at("id");
    }

    template <typename Expected, typename Got>
    void check(const Expected& expected, const Got& got, const std::string& input) {
        if (expected == got)
            return;
        failures++;
        std::cerr << file_ << "[" << index_ << "] " << rule_ << ": " << input << "\n  expected: " << expected
                  << "\n  got:      " << got << "\n";
    }

    int cases() const { return index_ + 1; }

    static inline int failures = 0;

private:
    std::string file_, rule_;
    int index_ = -1;
};

constexpr cors::risk every_risk = cors::risk::null_origin | cors::risk::any_origin_with_credentials |
                                  cors::risk::insecure_origin | cors::risk::public_suffix |
                                  cors::risk::local_file_origin;

// A vector's config.
inline cors::config config_of(const json& written) {
    only(written, {"allow_origins", "allow_methods", "allow_headers", "expose_headers", "max_age", "allow_credentials",
                   "allow_private_network", "preflight_status", "accept_risks"});
    cors::config config;
    const auto read = [&written](const char* name, std::vector<std::string>& list) {
        for (const json& entry : written.value(name, json::array()))
            list.push_back(value(entry));
    };
    read("allow_origins", config.allow_origins);
    read("allow_methods", config.allow_methods);
    read("allow_headers", config.allow_headers);
    read("expose_headers", config.expose_headers);
    config.allow_credentials = written.value("allow_credentials", false);
    config.allow_private_network = written.value("allow_private_network", false);
    config.preflight_status = written.value("preflight_status", config.preflight_status);
    if (const auto max_age = written.find("max_age"); max_age != written.end() && !max_age->is_null())
        config.max_age = max_age->get<std::uint32_t>();
    for (const json& name : written.value("accept_risks", json::array()))
        config.accept_risks |= cors::risk_named(name.get<std::string>()).value();
    // The whole list, for every runner: the vectors must not change when the world's does.
    config.is_public_suffix = [](std::string_view domain) {
        static const std::set<std::string_view> suffixes = {"com", "co.uk", "uk", "io", "github.io", "example"};
        return suffixes.count(domain) > 0;
    };
    return config;
}

// Its policy, whose properties are checked on the way.
inline std::optional<cors::policy> compile(report& report, const cors::config& config, const std::string& name) {
    cors::error error;
    const auto policy = cors::policy::compile(config, &error);
    if (!policy) {
        report.check("a policy", error.message(), name);
        return policy;
    }
    report.check(config.image_size().value_or(0), policy->image().size(), name + ": the size foretold");
    const auto loaded = cors::policy::load(policy->image().data(), policy->image().size(), &error);
    report.check(true, loaded && loaded->image() == policy->image(), name + ": loaded");
    return policy;
}

void run_browser_cases();

#endif
