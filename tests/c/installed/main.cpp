// The same as main.c, in C++.

#include <cors.hpp>
#include <iostream>

int main() {
    cors::config config;
    config.allow_origins = {"https://app.example.com"};
    cors::error error;
    const auto policy = cors::policy::compile(config, &error);
    if (!policy) {
        std::cerr << error.message() << "\n";
        return 1;
    }
    for (auto [name, value, op] : policy->evaluate(cors::request("GET", {{"Origin", "https://app.example.com"}})))
        std::cout << name << ": " << value << "\n";
}
