// browser-cases.json through policy_view::explain: what browsers sent is what it says that they send; and where a policy
// gives the very responses of the case, what came of it is what it says that comes of it.

#include <map>

#include "support.hpp"

using fields = std::map<std::string, std::string>;

static std::string lowercase(std::string text) {
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return text;
}

static cors::fetch fetch_of(const json& vector) {
    cors::fetch fetch;
    fetch.origin = vector.at("origin");
    fetch.url = "URL"; // As the console messages of the cases have it.
    fetch.method = vector.at("method");
    for (const json& line : vector.at("headers"))
        fetch.headers.emplace_back(line.at(0), line.at(1));
    fetch.credentials = vector.at("credentials") == "include";
    fetch.xml_http_request = vector.at("api") == "xhr";
    fetch.has_body = vector.at("has_body");
    return fetch;
}

// The lines of a text that begin so, without that beginning.
static std::vector<std::string> lines(const std::string& text, const std::string& start) {
    std::vector<std::string> found;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        if (line.rfind(start, 0) == 0)
            found.push_back(line.substr(start.size()));
    return found;
}

static std::string optional_text(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? "" : found->get<std::string>();
}

// The first thing that reached the server, as an explanation tells it.
static std::string first_request(const json& requests) {
    if (requests.empty())
        return "nothing";
    const json& first = requests.at(0);
    const std::string method = optional_text(first, "request_method"), headers = optional_text(first, "request_headers");
    if (method.empty())
        return first.at("method").get<std::string>() + ", origin: " + first.at("origin").get<std::string>();
    return "OPTIONS, access-control-request-method: " + method +
           (headers.empty() ? "" : ", access-control-request-headers: " + headers);
}

static std::string first_request_told(const std::string& text) {
    for (const char* start : {"the browser asks: ", "the browser sends the request: "})
        for (const std::string& line : lines(text, start))
            return line.substr(0, line.find(", with the server's cookies"));
    return "nothing";
}

// The fields of a response that have to do with CORS.
static fields fields_of(const json& response) {
    fields found;
    for (const json& line : response.at("headers"))
        if (const std::string name = lowercase(line.at(0)); name.rfind("access-control-", 0) == 0)
            // A field that is there twice is no policy's.
            found[name] += (found.count(name) ? "\n" : "") + line.at(1).get<std::string>();
    return found;
}

static fields fields_of(const cors::decision& decision) {
    fields found;
    for (const auto& [name, value, op] : decision)
        if (name != "vary")
            found.emplace(name, value);
    return found;
}

static std::vector<std::string> names(const std::string& list) {
    std::vector<std::string> found;
    std::istringstream stream(list);
    for (std::string name; std::getline(stream >> std::ws, name, ',');)
        found.push_back(name);
    return found;
}

// The config that might give these fields.
static void read(const fields& fields, cors::config& config) {
    for (const auto& [name, value] : fields) {
        if (name == "access-control-allow-origin")
            config.allow_origins = names(value);
        else if (name == "access-control-allow-methods")
            config.allow_methods = names(value);
        else if (name == "access-control-allow-headers")
            config.allow_headers = names(value);
        else if (name == "access-control-expose-headers")
            config.expose_headers = names(value);
        else if (name == "access-control-allow-credentials")
            config.allow_credentials = true;
        else if (name == "access-control-max-age")
            config.max_age = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    }
}

// A policy that gives the responses of the case to what this engine sent.
static std::optional<cors::policy> policy_of(const json& vector, const json& requests) {
    const json &preflight_response = vector.at("preflight_response"), &response = vector.at("response");
    // An explanation takes the application's response for a 200.
    if (requests.empty() || response.at("status") != 200)
        return std::nullopt;
    cors::config config;
    read(fields_of(preflight_response), config);
    read(fields_of(response), config);
    config.preflight_status = preflight_response.at("status");
    config.accept_risks = every_risk;
    const auto policy = cors::policy::compile(config);
    for (const json& sent : requests) {
        if (!policy)
            break;
        const std::string method = sent.at("method"), origin = optional_text(sent, "origin"),
                          asked = optional_text(sent, "request_method"), headers = optional_text(sent, "request_headers");
        cors::request request(method, {{"Origin", origin}});
        if (!asked.empty())
            request.add("Access-Control-Request-Method", asked);
        if (!headers.empty())
            request.add("Access-Control-Request-Headers", headers);
        const cors::decision decision = policy->evaluate(request);
        const bool is_preflight = decision.kind() == cors::kind::preflight;
        if (fields_of(decision) != fields_of(is_preflight ? preflight_response : response))
            return std::nullopt;
        if (is_preflight && *decision.status() != preflight_response.at("status").get<int>())
            return std::nullopt;
    }
    return policy;
}

static void check_outcome(report& report, const std::string& text, const json& observed, const std::string& name) {
    const bool is_ok = observed.at("outcome").at(0).get<std::string>().rfind("ok ", 0) == 0;
    report.check(is_ok, !lines(text, "the page reads the status").empty(), name + ": the page gets the response");
    report.check(!is_ok, !lines(text, "the page gets ").empty(), name + ": the page gets an error");
    if (!observed.contains("messages"))
        return;
    std::string expected, got;
    // Firefox's have a key, which its console does not show.
    for (const std::string message : observed.at("messages"))
        expected += message.substr(message.find('|') == std::string::npos ? 0 : message.find('|') + 1) + "\n";
    for (const std::string& line : lines(text, "console: "))
        got += line + "\n";
    report.check(expected, got, name + ": the console");
}

void run_browser_cases() {
    static const std::pair<const char*, cors::engine> engines[] = {
        {"chromium", cors::engine::chromium}, {"firefox", cors::engine::firefox}, {"webkit", cors::engine::webkit}};
    report report("browser-cases.json");
    const cors::policy deny_all = cors::policy::compile(cors::config()).value();
    int fetches = 0, outcomes = 0;
    for (const json& vector : load("browser-cases.json")) {
        report.next(only(vector, {"id", "api", "origin", "method", "credentials", "headers", "has_body", "observed", "repeat",
                                  "preflight_response", "response"}));
        const cors::fetch fetch = fetch_of(vector);
        for (const auto& [name, engine] : engines) {
            if (!vector.at("observed").contains(name))
                continue; // Not every engine was seen in every case.
            const json& observed = only(vector.at("observed").at(name), {"outcome", "requests", "error", "messages"});
            const json& requests = observed.at("requests");
            report.check(first_request(requests), first_request_told(deny_all.explain(fetch, engine).value()),
                         std::string(name) + ": what it sends");
            fetches++;
            if (const auto policy = policy_of(vector, requests); policy && observed.at("outcome").size() == 1) {
                check_outcome(report, policy->explain(fetch, engine).value(), observed, name);
                outcomes++;
            }
        }
    }
    std::cout << "browser cases: " << report.cases() << " cases, " << fetches
              << " fetches, of which a policy gives the responses of " << outcomes << "\n";
    report.check(true, outcomes > 0, "a policy gives the responses of some case");
}
