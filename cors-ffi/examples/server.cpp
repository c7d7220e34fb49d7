// An API with CORS: cpp-httplib. Preflights are answered before routing; every other response, errors among them, gets the
// decision's fields.
//
//     c++ -std=c++17 server.cpp $(pkg-config --cflags --libs cors cpp-httplib) -pthread -o server && ./server

#include <cors.hpp>
#include <httplib.h>
#include <iostream>
#include <stdexcept>
#include <thread>

static std::optional<cors::policy> make_policy() {
    cors::config config;
    config.allow_origins = {"https://app.example.com", "https://*.example.org"};
    config.allow_methods = {"PUT"};
    config.allow_headers = {"content-type"};
    config.allow_credentials = true;
    config.max_age = 7200;
    std::optional<cors::policy> policy = cors::policy::compile(config);
    for (const cors::error& problem : config.check())
        std::cerr << problem.message() << "\n";
    return policy;
}

// The policy decides alone: fields of the application's would undo a denial. Of Vary there is one line.
static void write(const cors::decision& decision, httplib::Headers& headers) {
    for (auto header = headers.begin(); header != headers.end();)
        header = cors::is_policy_field(header->first) ? headers.erase(header) : std::next(header);
    for (const auto& [name, value, op] : decision) {
        if (op == cors::op::replace) {
            headers.emplace(name, value);
            continue;
        }
        const auto [first, last] = headers.equal_range(std::string(name));
        std::vector<std::string> lines;
        for (auto header = first; header != last; ++header)
            lines.push_back(header->second);
        if (const std::optional<std::string> line = cors::merge_vary(lines, value)) {
            headers.erase(first, last);
            headers.emplace(name, *line);
        }
    }
}

int main() {
    const std::optional<cors::policy> policy = make_policy();
    if (!policy)
        return 1;
    httplib::Server server;

    // Before routing, authentication and the application.
    server.set_pre_routing_handler([&policy](const httplib::Request& request, httplib::Response& response) {
        const cors::decision decision = policy->evaluate(cors::request(request.method, request.headers));
        if (decision.kind() != cors::kind::preflight)
            return httplib::Server::HandlerResponse::Unhandled;
        response.status = *decision.status();
        return httplib::Server::HandlerResponse::Handled;
    });

    // After whatever has responded: a handler, nobody (404), or an exception (500).
    server.set_post_routing_handler([&policy](const httplib::Request& request, httplib::Response& response) {
        write(policy->evaluate(cors::request(request.method, request.headers)), response.headers);
    });

    server.Get("/orders", [](const httplib::Request&, httplib::Response& response) {
        response.set_header("access-control-allow-origin", "*"); // As applications do, and should not.
        response.set_header("Vary", "accept-encoding");
        response.set_content("[1, 2, 3]\n", "application/json");
    });
    server.Get("/broken", [](const httplib::Request&, httplib::Response&) { throw std::runtime_error("broken"); });

    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread listener([&server] { server.listen_after_bind(); });
    while (!server.is_running())
        std::this_thread::yield();
    std::cout << "http://127.0.0.1:" << port << "/orders" << std::endl;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
    server.stop();
    listener.join();
}
