// What cors.hpp adds to cors.h. Built with and without exceptions and RTTI, and as C++20.

#include <cors.hpp>
#include <cstdio>
#include <map>
#if __cplusplus >= 202002L
#include <algorithm>
#include <ranges>
#endif
#include <thread>
#include <type_traits>

static int failures = 0;

#define EXPECT(condition) \
    ((condition) ? (void)0 : (void)(failures++, std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

static cors::config sample() {
    cors::config config;
    config.allow_origins = {"https://app.example.com", "https://*.example.org"};
    config.allow_methods = {"PUT"};
    config.allow_headers = {"content-type"};
    config.allow_credentials = true;
    config.max_age = 7200;
    return config;
}

static std::string told(const cors::decision& decision) {
    std::string text;
    for (auto [name, value, op] : decision)
        text.append(name).append(op == cors::op::replace ? "=" : "+=").append(value).append("\n");
    return text;
}

static void policies() {
    // A policy has bytes at all times: it is not made without, and moving leaves them.
    static_assert(!std::is_default_constructible_v<cors::policy> && !std::is_default_constructible_v<cors::policy_view>);
    static_assert(std::is_copy_assignable_v<cors::policy> && std::is_trivially_copyable_v<cors::policy_view>);
    std::optional<cors::policy> policy = cors::policy::compile(sample());
    EXPECT(policy.has_value());
    const cors::policy copy = *policy, moved = std::move(*policy);
    EXPECT(copy.image().data() == policy->image().data() && moved.image().data() == policy->image().data());
    EXPECT(policy->allows_origin("https://app.example.com"));
    EXPECT(policy->allows_origin("\t https://app.example.com ") && !policy->allows_origin("https://app.example.com\n"));
    policy.reset();
    EXPECT(copy.allows_origin("https://shop.example.org") && !copy.allows_origin("https://example.org"));

    // An image outlives the bytes that it was loaded from, a view does not copy them.
    std::string bytes(copy.image());
    const auto loaded = cors::policy::load(bytes.data(), bytes.size());
    const auto view = cors::policy_view::load(bytes.data(), bytes.size());
    EXPECT(view && view->image().data() == bytes.data());
    EXPECT(loaded && loaded->image() == copy.image() && loaded->image().data() != bytes.data());
    bytes.back() ^= 1;
    cors::error error;
    EXPECT(!cors::policy::load(bytes.data(), bytes.size(), &error) && error.code() == cors::code::image);
    EXPECT(!cors::policy_view::load(nullptr, 0, &error) && error.code() == cors::code::image);
    EXPECT(!error.message().empty() && !error.index() && error.field() == cors::config_field::none);
}

static void requests() {
    const cors::policy policy = cors::policy::compile(sample()).value();
    const char* const expected = "access-control-allow-origin=https://shop.example.org\n"
                                 "access-control-allow-credentials=true\n"
                                 "access-control-allow-methods=PUT\n"
                                 "access-control-allow-headers=content-type\n"
                                 "access-control-max-age=7200\n"
                                 "vary+=origin\n";
    const std::multimap<std::string, std::string> map = {{"Host", "api.example.com"},
                                                         {"ORIGIN", "https://shop.example.org"},
                                                         {"Access-Control-Request-Method", "PUT"},
                                                         {"access-control-request-headers", "content-type"}};
    cors::request request("OPTIONS", map);
    const cors::decision decision = policy.evaluate(request);
    EXPECT(decision.kind() == cors::kind::preflight && decision.is_allowed() && !decision.denial());
    EXPECT(decision.status() == 204 && decision.size() == 6 && !decision.empty());
    EXPECT(told(decision) == expected);

    // A copy of a request is one of its own, beyond the fields that need no heap, too.
    for (int i = 0; i < 20; i++) {
        const cors::request copy = request;
        request.add("access-control-request-headers", "content-type");
        EXPECT(told(policy.evaluate(copy)) == expected && told(policy.evaluate(request)) == expected);
        EXPECT(request.raw().header_count == 4U + static_cast<unsigned>(i) && copy.raw().header_count == 3U + static_cast<unsigned>(i));
    }
    request.add("origin", "https://shop.example.org");
    EXPECT(policy.evaluate(request).denial() == cors::denial::multiple_origins);
    EXPECT(policy.evaluate(request).status() == 403);

    const cors::decision nothing = policy.evaluate(cors::request("GET"));
    EXPECT(nothing.kind() == cors::kind::not_cors && nothing.is_allowed() && !nothing.status());
    const cors::decision denied = policy.evaluate(cors::request("GET", {{"origin", "https://evil.example"}}));
    EXPECT(denied.kind() == cors::kind::actual && denied.denial() == cors::denial::origin_not_allowed);
    EXPECT(told(denied) == "vary+=origin\n");
    EXPECT(cors::name(*denied.denial()) == "OriginNotAllowed");
    EXPECT(cors::message(*denied.denial()) == "the policy does not allow this origin");
    // None of these names is looked at.
    const cors::request others("GET", {{"origi", "x"}, {"origins", "x"}, {"access-control-request", "x"}, {"", ""}});
    EXPECT(others.raw().header_count == 0);
}

static void errors() {
    cors::config config = sample();
    config.allow_origins.push_back("https://Example.com/");
    config.allow_origins.push_back("https://*.github.io");
    config.allow_methods = {"TRACE"};
    int asked = 0;
    config.is_public_suffix = [&asked](std::string_view domain) {
        asked++;
        return domain == "github.io";
    };
    const std::vector<cors::error> problems = config.check();
    EXPECT(problems.size() == 3 && asked > 0);
    EXPECT(problems[0].field() == cors::config_field::allow_origins && problems[0].index() == 2U);
    EXPECT(problems[0].message().find("; write https://example.com") != std::string_view::npos && !problems[0].risk());
    EXPECT(problems[1].risk() == cors::risk::public_suffix && problems[1].index() == 3U);
    EXPECT(problems[2].field() == cors::config_field::allow_methods && cors::name(problems[2].field()) == "allow_methods");
    cors::error error;
    EXPECT(!cors::policy::compile(config, &error) && error.code() == cors::code::config);
    EXPECT(error.message() == problems[0].message());
    EXPECT(!cors::policy::compile(config));
    EXPECT(cors::message(error.code()) == "the config has a problem");

    // Without a predicate the library's own list is asked.
    for (const char* shared : {"https://*.github.io", "https://*.amazonaws.com", "https://*.com"}) {
        config = sample();
        config.allow_origins = {shared};
        const std::vector<cors::error> listed = config.check();
        EXPECT(listed.size() == 1 && listed[0].risk() == cors::risk::public_suffix);
    }

    // A config that cannot be read has one problem.
    config = sample();
    config.expose_headers = {"x-\xff"};
    const std::vector<cors::error> unread = config.check();
    EXPECT(unread.size() == 1 && unread[0].code() == cors::code::utf8 && unread[0].index() == 0U);
    EXPECT(!config.image_size(&error) && error.code() == cors::code::utf8);
    EXPECT(sample().check().empty());
    EXPECT(cors::risk_named("NullOrigin") == cors::risk::null_origin && !cors::risk_named("None"));
    EXPECT(cors::version() == "0.1.0");
}

static void explanations() {
    const cors::policy policy = cors::policy::compile(sample()).value();
    cors::fetch fetch;
    fetch.origin = "https://app.example.com";
    fetch.url = "https://api.example.com/orders";
    fetch.method = "DELETE";
    // Longer than the first guess at its length.
    for (int i = 0; i < 40; i++)
        fetch.headers.emplace_back("x-header-of-some-length-" + std::to_string(i), "with a value of some length, too, to fill the room");
    const auto text = policy.explain(fetch, cors::engine::chromium);
    EXPECT(text && text->size() > 2048 && text->find('\0') == std::string::npos && text->back() != '\n');
    EXPECT(text && text->find("Method DELETE is not allowed by Access-Control-Allow-Methods") != std::string::npos);
    fetch.origin = "https://app.example.com/";
    cors::error error;
    EXPECT(!policy.explain(fetch, cors::engine::chromium, &error) && error.code() == cors::code::value);
}

static void response_fields() {
    EXPECT(cors::is_policy_field("Access-Control-Allow-Origin") && !cors::is_policy_field("Vary"));
    const std::vector<std::string> lines = {"Accept-Encoding", "accept-language"};
    EXPECT(cors::merge_vary(lines, "origin") == "Accept-Encoding, accept-language, origin");
    EXPECT(cors::merge_vary(std::vector<std::string>(), "origin") == "origin");
    EXPECT(!cors::merge_vary(std::vector<std::string>{"Origin"}, "origin"));
}

static void literals() {
    // An initializer, and an expression.
    const cors_string texts[] = {CORS_STRING("GET"), CORS_STRING("")};
    EXPECT(texts[0].len == 3 && texts[1].len == 0);
    EXPECT(cors_risk_from_name(CORS_STRING("NullOrigin")) == CORS_RISK_NULL_ORIGIN);
}

#if __cplusplus >= 202002L
static_assert(std::ranges::input_range<const cors::decision>);

static void ranges() {
    const std::optional<cors::policy> policy = cors::policy::compile(sample());
    const cors::decision decision = policy->evaluate(cors::request("GET", {{"Origin", "https://app.example.com"}}));
    EXPECT(std::ranges::count_if(decision, [](const cors::field field) { return field.name == "vary"; }) == 1);
}
#endif

static void threads() {
    // Each has a copy: the last one frees the bytes.
    std::optional<cors::policy> policy = cors::policy::compile(sample());
    std::vector<std::thread> threads;
    int wrong[8] = {};
    for (int& count : wrong)
        threads.emplace_back([&count, policy = *policy] {
            for (int i = 0; i < 2000; i++)
                count += policy.evaluate(cors::request("GET", {{"Origin", "https://app.example.com"}})).size() != 3;
        });
    policy.reset();
    for (std::thread& thread : threads)
        thread.join();
    for (const int count : wrong)
        EXPECT(count == 0);
}

int main() {
    policies();
    requests();
    errors();
    explanations();
    response_fields();
    literals();
#if __cplusplus >= 202002L
    ranges();
#endif
    threads();
    return failures > 0;
}
