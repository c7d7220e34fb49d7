// Runs tests/vectors through cors.hpp, as every language does. CORS_VECTORS names another folder to read.

#include "support.hpp"

// What the verdict is called.
static std::string_view verdict(const cors::decision& decision) {
    return decision.is_allowed() ? "allowed" : cors::name(*decision.denial());
}

static cors::decision ask(const cors::policy& policy, const std::string& origin) {
    return policy.evaluate(cors::request("GET", {{"Origin", origin}}));
}

// A config of this pattern, with credentials: `*` without them does not look at the origin.
static cors::config config_of_pattern(const std::string& pattern) {
    cors::config config;
    config.allow_origins = {pattern};
    config.allow_credentials = true;
    config.accept_risks = every_risk;
    return config;
}

// There is no parser of origins, but a policy that allows any: it tells those that are none, and echoes the others.
static void run_origins() {
    report report("origins.json");
    const cors::policy any = cors::policy::compile(config_of_pattern("*")).value();
    for (const json& vector : load("origins.json")) {
        report.next(only(vector, {"rule", "origin", "scheme", "host", "port", "opaque", "error"}));
        const std::string origin = value(vector.at("origin"));
        const bool is_origin = !vector.contains("error");
        const cors::decision decision = ask(any, origin);
        report.check(is_origin ? "allowed" : "MalformedOrigin", verdict(decision), origin);
        report.check(is_origin, any.allows_origin(origin), origin + " allowed");
        if (is_origin)
            report.check(origin, (*decision.begin()).value, "echoed");
        if (is_origin && !vector.contains("opaque")) {
            std::string parts = value(vector.at("scheme")) + "://" + value(vector.at("host"));
            if (!vector.at("port").is_null())
                parts += ":" + std::to_string(vector.at("port").get<int>());
            report.check(parts, origin, "its parts");
        }
    }
    std::cout << "origins: " << report.cases() << " cases\n";
}

static void run_refused_pattern(report& report, const json& vector, const std::string& pattern) {
    const std::vector<cors::error> problems = config_of_pattern(pattern).check();
    report.check(1U, problems.size(), pattern);
    if (problems.size() != 1)
        return;
    const cors::error& error = problems[0];
    report.check("allow_origins", cors::name(error.field()), pattern + ": field");
    report.check(0U, error.index().value_or(77), pattern + ": index");
    if (vector.at("advice").is_null() || error.message().size() == CORS_MESSAGE_SIZE - 1)
        return;
    const std::string advice = vector.at("advice"), message(error.message());
    const std::string end = message.substr(message.size() - std::min(message.size(), advice.size() + 2));
    report.check("; " + advice, end, pattern + ": advice");
    // Who does as told must not be told off again.
    if (advice.rfind("write ", 0) == 0 && advice.find(' ', 6) == std::string::npos)
        report.check(true, cors::policy::compile(config_of_pattern(advice.substr(6))).has_value(), advice);
}

static void run_patterns() {
    report report("patterns.json");
    const cors::policy any = cors::policy::compile(config_of_pattern("*")).value();
    int tried = 0;
    for (const json& vector : load("patterns.json")) {
        report.next(only(vector, {"rule", "pattern", "matches", "rejects", "error", "advice"}));
        const std::string pattern = value(vector.at("pattern"));
        if (vector.contains("error")) {
            run_refused_pattern(report, vector, pattern);
            continue;
        }
        const auto policy = compile(report, config_of_pattern(pattern), pattern);
        for (const bool matches : {true, false})
            for (const json& entry : vector.at(matches ? "matches" : "rejects")) {
                const std::string origin = value(entry);
                const char* expected = matches                     ? "allowed"
                                       : any.allows_origin(origin) ? "OriginNotAllowed"
                                                                   : "MalformedOrigin";
                report.check(expected, verdict(ask(*policy, origin)), pattern + ", " + origin);
                report.check(matches, policy->allows_origin(origin), pattern + ", " + origin);
                tried++;
            }
    }
    std::cout << "patterns: " << report.cases() << " cases, " << tried << " origins tried\n";
}

static void check_problem(report& report, const json& expected, const cors::error& got) {
    only(expected, {"field", "index", "problem", "message"});
    const std::string problem = expected.at("problem");
    report.check(expected.at("field").get<std::string>(), cors::name(got.field()), problem + ": field");
    const json index = got.index() ? json(*got.index()) : json();
    report.check(expected.at("index"), index, problem + ": index");
    report.check(problem.rfind("Risk(", 0) == 0, got.risk().has_value(), problem + ": risk");
    if (got.risk())
        report.check(problem, "Risk(" + std::string(cors::name(*got.risk())) + ")", "risk");
    if (!expected.contains("message"))
        return;
    const std::string message = value(expected.at("message"));
    const bool is_whole = message.size() < CORS_MESSAGE_SIZE;
    report.check(is_whole ? message : message.substr(0, got.message().size()), got.message(), problem + ": message");
}

static void run_configs() {
    report report("configs.json");
    std::size_t count = 0;
    for (const json& vector : load("configs.json")) {
        report.next(only(vector, {"rule", "name", "config", "problems"}));
        const std::string name = vector.at("name");
        const cors::config config = config_of(vector.at("config"));
        const std::vector<cors::error> problems = config.check();
        const json& expected = vector.at("problems");
        report.check(expected.size(), problems.size(), name + ": problems");
        for (std::size_t i = 0; i < std::min(expected.size(), problems.size()); i++)
            check_problem(report, expected.at(i), problems[i]);
        count += problems.size();
        if (expected.empty()) {
            compile(report, config, name);
        } else { // C7: it stops at the first.
            cors::error error;
            report.check(false, cors::policy::compile(config, &error).has_value(), name + ": compiled");
            check_problem(report, expected.at(0), error);
        }
    }
    std::cout << "configs: " << report.cases() << " cases, " << count << " problems\n";
}

static void run_request(report& report, const cors::policy& policy, const json& vector, const std::string& name) {
    only(vector, {"method", "headers", "kind", "verdict", "status", "fields"});
    static const char* const kinds[] = {"not-cors", "actual", "preflight"};
    std::vector<std::pair<std::string, std::string>> headers;
    for (const json& line : vector.at("headers"))
        headers.emplace_back(line.at(0), value(line.at(1)));
    const std::string method = value(vector.at("method"));
    const cors::decision decision = policy.evaluate(cors::request(method, headers));
    report.check(vector.at("kind").get<std::string>(), kinds[static_cast<int>(decision.kind())], name + ": kind");
    report.check(vector.at("verdict").get<std::string>(), verdict(decision), name + ": verdict");
    report.check(vector.at("status"), decision.status() ? json(*decision.status()) : json(), name + ": status");
    std::ostringstream expected, got;
    for (const json& field : vector.at("fields"))
        expected << field.at(0).get<std::string>() << ": " << value(field.at(1)) << " (" << field.at(2).get<std::string>() << ")\n";
    for (const auto& [field, text, op] : decision)
        got << field << ": " << text << " (" << (op == cors::op::replace ? "replace" : "append") << ")\n";
    report.check(expected.str(), got.str(), name + ": fields");
}

// A policy that the library refuses, with the list that it has.
static std::size_t run_refused(report& report, const json& vector, const std::string& name) {
    cors::config config = config_of(vector.at("policy"));
    config.is_public_suffix = nullptr;
    const std::vector<cors::error> problems = config.check();
    const json& expected = vector.at("problems");
    report.check(false, expected.empty(), name + ": no problem");
    report.check(expected.size(), problems.size(), name + ": problems");
    for (std::size_t i = 0; i < std::min(expected.size(), problems.size()); i++)
        check_problem(report, expected.at(i), problems[i]);
    report.check(false, cors::policy::compile(config).has_value(), name + ": compiled");
    return problems.size();
}

static void run_decisions(const std::string& file) {
    report report(file);
    int requests = 0;
    std::size_t problems = 0;
    for (const json& vector : load(file)) {
        const bool is_refused = vector.contains("problems");
        report.next(only(vector, {"rule", "name", "policy", is_refused ? "problems" : "requests"}));
        const std::string name = vector.at("name");
        if (is_refused) {
            problems += run_refused(report, vector, name);
            continue;
        }
        const auto policy = compile(report, config_of(vector.at("policy")), name);
        for (const json& request : vector.at("requests")) {
            run_request(report, policy.value(), request, name);
            requests++;
        }
    }
    std::cout << file << ": " << report.cases() << " policies, " << requests << " requests, " << problems << " problems\n";
}

int main() {
    run_origins();
    run_patterns();
    run_configs();
    run_decisions("decisions.json");
    run_decisions("attacks.json");
    run_browser_cases();
    if (report::failures > 0)
        std::cerr << report::failures << " failures\n";
    return report::failures > 0;
}
