// libcors for C++17: cors.h with values that own what there is to own. Header only; needs no exceptions and no RTTI.
//
//     cors::config config;
//     config.allow_origins = {"https://app.example.com", "https://*.example.org"};
//     config.allow_methods = {"PUT", "DELETE"};
//     config.allow_credentials = true;
//
//     cors::error error;
//     std::optional<cors::policy> policy = cors::policy::compile(config, &error);
//     if (!policy)
//         return fail(error.message());
//
//     cors::request request("GET", headers);           // any range of pairs of strings
//     cors::decision decision = policy->evaluate(request);
//     if (decision.kind() == cors::kind::preflight)
//         response.status = *decision.status();        // and the fields, no body, no application
//     else
//         response.remove_all("access-control-");      // the application's own, which would undo a denial
//     for (auto [name, value, op] : decision)
//         op == cors::op::replace ? response.set(name, value) : response.add(name, value);
//
// A function that can fail returns an optional, and tells why in a cors::error if it is given one.
//
// Lifetimes: a policy owns its bytes, and shares them with its copies; a policy_view, a request and a decision borrow:
// the decision from the policy and from the strings in the request, but not from the request itself.
//
// Threads: policies never change, so any number of threads may use one at once.

#ifndef CORS_HPP
#define CORS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cors.h"

namespace cors {

// What a function answers: see CORS_OK and CORS_ERROR_ in cors.h.
enum class code : cors_code {
    ok = CORS_OK,
    null = CORS_ERROR_NULL,
    size = CORS_ERROR_SIZE,
    length = CORS_ERROR_LENGTH,
    utf8 = CORS_ERROR_UTF8,
    value = CORS_ERROR_VALUE,
    config = CORS_ERROR_CONFIG,
    buffer = CORS_ERROR_BUFFER,
    image = CORS_ERROR_IMAGE,
    collisions = CORS_ERROR_COLLISIONS,
};

// A member of a config.
enum class config_field : cors_field_id {
    none = CORS_FIELD_NONE,
    allow_origins = CORS_FIELD_ALLOW_ORIGINS,
    allow_methods = CORS_FIELD_ALLOW_METHODS,
    allow_headers = CORS_FIELD_ALLOW_HEADERS,
    expose_headers = CORS_FIELD_EXPOSE_HEADERS,
    max_age = CORS_FIELD_MAX_AGE,
    preflight_status = CORS_FIELD_PREFLIGHT_STATUS,
};

// A dangerous setting, or several joined with |.
enum class risk : std::uint32_t {
    none = 0,
    null_origin = CORS_RISK_NULL_ORIGIN,
    any_origin_with_credentials = CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS,
    insecure_origin = CORS_RISK_INSECURE_ORIGIN,
    public_suffix = CORS_RISK_PUBLIC_SUFFIX,
};

constexpr risk operator|(risk left, risk right) {
    return static_cast<risk>(static_cast<std::uint32_t>(left) | static_cast<std::uint32_t>(right));
}

constexpr risk& operator|=(risk& left, risk right) { return left = left | right; }

// What a request is. A preflight is answered with the decision's status and fields, and the application does not see it.
enum class kind : cors_kind {
    not_cors = CORS_KIND_NOT_CORS,
    actual = CORS_KIND_ACTUAL,
    preflight = CORS_KIND_PREFLIGHT,
};

// Why a request is denied. Later versions may have others.
enum class denial : cors_denial {
    origin_not_allowed = CORS_DENIAL_ORIGIN_NOT_ALLOWED,
    malformed_origin = CORS_DENIAL_MALFORMED_ORIGIN,
    multiple_origins = CORS_DENIAL_MULTIPLE_ORIGINS,
    multiple_request_methods = CORS_DENIAL_MULTIPLE_REQUEST_METHODS,
    method_not_allowed = CORS_DENIAL_METHOD_NOT_ALLOWED,
    malformed_method = CORS_DENIAL_MALFORMED_METHOD,
    header_not_allowed = CORS_DENIAL_HEADER_NOT_ALLOWED,
    malformed_headers = CORS_DENIAL_MALFORMED_HEADERS,
    headers_too_long = CORS_DENIAL_HEADERS_TOO_LONG,
};

// How a field meets those of the same name in the application's response: in their place, or beside them.
enum class op : cors_op { replace = CORS_OP_REPLACE, append = CORS_OP_APPEND };

// Whose browser explain() plays.
enum class engine : cors_engine {
    standard = CORS_ENGINE_STANDARD,
    chromium = CORS_ENGINE_CHROMIUM,
    firefox = CORS_ENGINE_FIREFOX,
    webkit = CORS_ENGINE_WEBKIT,
};

namespace detail {

inline std::string_view view(cors_string string) { return {string.data, string.len}; }

inline cors_string raw(std::string_view text) { return {text.data(), text.size()}; }

inline cors_header raw(std::string_view name, std::string_view value) { return {raw(name), raw(value)}; }

// A string of letters and hyphens: whatever its case, it is `lower`.
inline bool is_named(std::string_view name, std::string_view lower) {
    if (name.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < name.size(); i++)
        if ((name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i]) != lower[i])
            return false;
    return true;
}

} // namespace detail

// The version of the library, such as 0.1.0.
inline std::string_view version() { return detail::view(cors_version()); }

// Names, for counters and logs, and sentences. They live for ever.
inline std::string_view name(denial value) { return detail::view(cors_denial_name(static_cast<cors_denial>(value))); }
inline std::string_view name(risk value) { return detail::view(cors_risk_name(static_cast<std::uint32_t>(value))); }
inline std::string_view name(config_field value) {
    return detail::view(cors_field_name(static_cast<cors_field_id>(value)));
}
inline std::string_view message(denial value) {
    return detail::view(cors_denial_message(static_cast<cors_denial>(value)));
}
inline std::string_view message(code value) { return detail::view(cors_code_message(static_cast<cors_code>(value))); }

// The risk of that name, as policy files spell it.
inline std::optional<risk> risk_named(std::string_view name) {
    const std::uint32_t bit = cors_risk_from_name(detail::raw(name));
    return bit == 0 ? std::nullopt : std::optional(static_cast<risk>(bit));
}

// Why a function failed.
class error {
public:
    cors::code code() const { return static_cast<cors::code>(raw_.code); }

    // What is wrong, and what to write instead: at most CORS_MESSAGE_SIZE - 1 bytes. It lives as long as this.
    std::string_view message() const { return raw_.message; }

    // Which member of the config it is about, and which entry of the list.
    config_field field() const { return static_cast<config_field>(raw_.field); }
    std::optional<std::size_t> index() const {
        return raw_.index == CORS_INDEX_NONE ? std::nullopt : std::optional(raw_.index);
    }

    // If a risk that the config does not accept is all that is wrong, that risk.
    std::optional<cors::risk> risk() const {
        return raw_.risk == 0 ? std::nullopt : std::optional(static_cast<cors::risk>(raw_.risk));
    }

    // Where code() is code::buffer, how many bytes it takes.
    std::size_t needed() const { return raw_.needed; }

    error() { raw_.index = CORS_INDEX_NONE; }
    explicit error(const cors_error& raw) : raw_(raw) {}

    // For the functions of cors.h.
    cors_error* raw() { return &raw_; }

private:
    cors_error raw_{};
};

// What a policy should allow: nothing, until it is named. See cors_config for what the members mean.
struct config {
    std::vector<std::string> allow_origins;
    std::vector<std::string> allow_methods;
    std::vector<std::string> allow_headers;
    std::vector<std::string> expose_headers;
    bool allow_credentials = false;
    std::optional<std::uint32_t> max_age;
    bool allow_private_network = false;
    std::uint16_t preflight_status = 204;
    risk accept_risks = risk::none;

    // Tells whether a domain, such as github.io, is a public suffix. Must not throw.
    std::function<bool(std::string_view)> is_public_suffix;

    // Every problem, in the order of the members and of their entries; or, alone, why the config cannot be read.
    std::vector<error> check() const;

    // How many bytes the image of its policy has.
    std::optional<std::size_t> image_size(error* why = nullptr) const;
};

namespace detail {

// A config as C takes it, for as long as both last.
class raw_config {
public:
    explicit raw_config(const config& from)
        : origins_(list(from.allow_origins)), methods_(list(from.allow_methods)), headers_(list(from.allow_headers)),
          exposed_(list(from.expose_headers)) {
        raw_.allow_origins = origins_.data();
        raw_.allow_origin_count = origins_.size();
        raw_.allow_methods = methods_.data();
        raw_.allow_method_count = methods_.size();
        raw_.allow_headers = headers_.data();
        raw_.allow_header_count = headers_.size();
        raw_.expose_headers = exposed_.data();
        raw_.expose_header_count = exposed_.size();
        raw_.allow_credentials = from.allow_credentials;
        raw_.max_age = from.max_age ? *from.max_age : CORS_MAX_AGE_NONE;
        raw_.allow_private_network = from.allow_private_network;
        raw_.preflight_status = from.preflight_status;
        raw_.accept_risks = static_cast<std::uint32_t>(from.accept_risks);
        if (from.is_public_suffix) {
            raw_.context = const_cast<config*>(&from);
            raw_.is_public_suffix = [](void* context, const char* domain, std::size_t len) noexcept {
                return static_cast<const config*>(context)->is_public_suffix({domain, len});
            };
        }
    }

    const cors_config* get() const { return &raw_; }

private:
    static std::vector<cors_string> list(const std::vector<std::string>& texts) {
        std::vector<cors_string> strings;
        strings.reserve(texts.size());
        for (const std::string& text : texts)
            strings.push_back(raw(text));
        return strings;
    }

    std::vector<cors_string> origins_, methods_, headers_, exposed_;
    cors_config raw_ = CORS_CONFIG_INIT;
};

} // namespace detail

inline std::vector<error> config::check() const {
    std::vector<error> problems;
    const auto report = [](void* context, const cors_error* problem) noexcept {
        static_cast<std::vector<error>*>(context)->emplace_back(*problem);
    };
    error first;
    if (cors_config_check(detail::raw_config(*this).get(), report, &problems, first.raw()) != CORS_OK && problems.empty())
        problems.push_back(first);
    return problems;
}

inline std::optional<std::size_t> config::image_size(error* why) const {
    std::size_t size = 0;
    const detail::raw_config from(*this);
    const bool ok = cors_policy_size(from.get(), &size, why ? why->raw() : nullptr) == CORS_OK;
    return ok ? std::optional(size) : std::nullopt;
}

// What of a request the decision depends on. It borrows the strings; field values are to be without white space around.
class request {
public:
    explicit request(std::string_view method) : method_(method) {}

    // With the header fields of any range of pairs of names, in any case, and values: a map, or a vector of pairs.
    template <typename Headers>
    request(std::string_view method, const Headers& headers) : method_(method) {
        for (const auto& [name, value] : headers)
            add(name, value);
    }

    request(std::string_view method, std::initializer_list<std::pair<std::string_view, std::string_view>> headers)
        : method_(method) {
        for (const auto& [name, value] : headers)
            add(name, value);
    }

    // Adds a header field line. Those that have nothing to do with CORS are passed over.
    void add(std::string_view name, std::string_view value) {
        constexpr std::string_view prefix = "access-control-request-";
        if (!detail::is_named(name, "origin") && !detail::is_named(name.substr(0, prefix.size()), prefix))
            return;
        // A browser sends four at most: they need no memory from the heap.
        if (count_ < few_.size()) {
            few_[count_] = detail::raw(name, value);
        } else {
            if (count_ == few_.size())
                many_.assign(few_.begin(), few_.end());
            many_.push_back(detail::raw(name, value));
        }
        count_++;
    }

    // As C takes it, for as long as this lasts and nothing is added.
    cors_request raw() const {
        cors_request raw = CORS_REQUEST_INIT;
        raw.method = detail::raw(method_);
        raw.headers = count_ > few_.size() ? many_.data() : few_.data();
        raw.header_count = count_;
        return raw;
    }

private:
    std::string_view method_;
    std::size_t count_ = 0;
    std::array<cors_header, 4> few_{};
    std::vector<cors_header> many_;
};

// A header field to send. The name, in lower case, lives for ever; the value as long as the policy and the request's strings.
struct field {
    std::string_view name;
    std::string_view value;
    cors::op op;
};

// What a policy says of a request, and a range of the fields to send, in their order.
class decision {
public:
    cors::kind kind() const { return static_cast<cors::kind>(raw_.kind); }

    bool is_allowed() const { return raw_.denial == CORS_DENIAL_NONE; }

    // Why it is denied.
    std::optional<cors::denial> denial() const {
        return is_allowed() ? std::nullopt : std::optional(static_cast<cors::denial>(raw_.denial));
    }

    // The status to answer a preflight with, allowed or denied; none for others, whose status is the application's.
    std::optional<std::uint16_t> status() const {
        return raw_.status == 0 ? std::nullopt : std::optional(raw_.status);
    }

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = field;
        using difference_type = std::ptrdiff_t;
        using pointer = const field*;
        using reference = field;

        field operator*() const {
            return {detail::view(at_->name), detail::view(at_->value), static_cast<cors::op>(at_->op)};
        }
        iterator& operator++() {
            ++at_;
            return *this;
        }
        iterator operator++(int) {
            const iterator before = *this;
            ++at_;
            return before;
        }
        bool operator==(const iterator& other) const { return at_ == other.at_; }
        bool operator!=(const iterator& other) const { return at_ != other.at_; }

    private:
        friend class decision;
        explicit iterator(const cors_field* at) : at_(at) {}
        const cors_field* at_;
    };

    iterator begin() const { return iterator(raw_.fields); }
    iterator end() const { return iterator(raw_.fields + raw_.field_count); }
    std::size_t size() const { return raw_.field_count; }
    bool empty() const { return raw_.field_count == 0; }

private:
    friend class policy_view;
    decision() {} // The fields are not written in vain: policy_view::evaluate does that.
    cors_decision raw_;
};

// A page's fetch. See cors_fetch for what the members mean.
struct fetch {
    std::string origin;
    std::string url;
    std::string method = "GET";
    std::vector<std::pair<std::string, std::string>> headers;
    bool credentials = false;
    bool xml_http_request = false;
    bool has_body = false;
    bool stream_body = false;
    bool upload_listener = false;
};

// A policy in bytes that somebody else keeps, unchanged: in a static array, or in a file that is mapped.
class policy_view {
public:
    // Checks the bytes of an image, and copies none.
    static std::optional<policy_view> load(const void* data, std::size_t size, error* why = nullptr) {
        cors_policy raw{};
        const bool ok = cors_policy_load(data, size, &raw, why ? why->raw() : nullptr) == CORS_OK;
        return ok ? std::optional(policy_view(raw)) : std::nullopt;
    }

    // Decides a request. Allocates nothing.
    decision evaluate(const request& request) const {
        decision decision;
        const cors_request raw_request = request.raw();
        cors_evaluate(&raw_, &raw_request, &decision.raw_); // Its pointers are all there: it cannot fail.
        return decision;
    }

    // Whether some pattern allows this origin, as for a WebSocket handshake.
    bool allows_origin(std::string_view origin) const { return cors_policy_allows_origin(&raw_, detail::raw(origin)); }

    // What comes of a page's fetch: what page, browser and server say to each other, what the console says, and each
    // obstacle with its fixes. For logs and tools. Needs a libcors with the feature `explain`.
    std::optional<std::string> explain(const fetch& fetch, engine engine, error* why = nullptr) const {
        std::vector<cors_header> headers;
        for (const auto& [name, value] : fetch.headers)
            headers.push_back(detail::raw(name, value));
        cors_fetch raw = CORS_FETCH_INIT;
        raw.origin = detail::raw(fetch.origin);
        raw.url = detail::raw(fetch.url);
        raw.method = detail::raw(fetch.method);
        raw.headers = headers.data();
        raw.header_count = headers.size();
        raw.credentials = fetch.credentials;
        raw.xml_http_request = fetch.xml_http_request;
        raw.has_body = fetch.has_body;
        raw.stream_body = fetch.stream_body;
        raw.upload_listener = fetch.upload_listener;

        std::string text(2048, '\0');
        for (;;) {
            std::size_t needed = 0;
            const cors_code answer = cors_explain(&raw_, &raw, static_cast<cors_engine>(engine), text.data(), text.size(),
                                                  &needed, why ? why->raw() : nullptr);
            if (answer == CORS_OK) {
                text.resize(needed - 1); // A string has a NUL of its own.
                return text;
            }
            if (answer != CORS_ERROR_BUFFER)
                return std::nullopt;
            text.resize(needed);
        }
    }

    // The bytes, which can be kept in a file and loaded again, on any machine.
    std::string_view image() const { return {reinterpret_cast<const char*>(raw_.data), raw_.len}; }

    // For the functions of cors.h.
    const cors_policy& raw() const { return raw_; }

protected:
    explicit policy_view(cors_policy raw) : raw_(raw) {}

private:
    cors_policy raw_;
};

// A policy that owns its bytes, and shares them with its copies.
class policy : public policy_view {
public:
    // Checks a config and compiles it. The error is the first problem; config::check() tells all.
    static std::optional<policy> compile(const config& config, error* why = nullptr) {
        const detail::raw_config from(config);
        cors_error* const told = why ? why->raw() : nullptr;
        std::size_t size = 0;
        if (cors_policy_size(from.get(), &size, told) != CORS_OK)
            return std::nullopt;
        const std::shared_ptr<unsigned char[]> bytes(new unsigned char[size]);
        cors_policy raw{};
        if (cors_policy_compile(from.get(), bytes.get(), size, &raw, told) != CORS_OK)
            return std::nullopt;
        return policy(raw, bytes);
    }

    // Copies the bytes of an image and checks them.
    static std::optional<policy> load(const void* data, std::size_t size, error* why = nullptr) {
        const std::optional<policy_view> loaded = policy_view::load(data, size, why);
        if (!loaded)
            return std::nullopt;
        const std::shared_ptr<unsigned char[]> bytes(new unsigned char[size]);
        std::memcpy(bytes.get(), data, size);
        return policy({bytes.get(), size}, bytes);
    }

    // Moving copies, so that there is no policy without bytes.
    policy(const policy&) = default;
    policy& operator=(const policy&) = default;

private:
    policy(cors_policy raw, const std::shared_ptr<unsigned char[]>& bytes) : policy_view(raw), bytes_(bytes) {}

    std::shared_ptr<unsigned char[]> bytes_;
};

} // namespace cors

#endif
