/* A policy, and requests to it. */

#ifndef SAMPLE_H
#define SAMPLE_H

#include <cors.h>

static const cors_string sample_origins[] = {CORS_STRING("https://app.example.com"), CORS_STRING("https://*.example.org")};
static const cors_string sample_methods[] = {CORS_STRING("PUT")};
static const cors_string sample_headers[] = {CORS_STRING("content-type")};

static inline cors_config sample_config(void) {
    cors_config config = CORS_CONFIG_INIT;
    config.allow_origins = sample_origins;
    config.allow_origin_count = 2;
    config.allow_methods = sample_methods;
    config.allow_method_count = 1;
    config.allow_headers = sample_headers;
    config.allow_header_count = 1;
    config.allow_credentials = true;
    config.max_age = 7200;
    return config;
}

static const cors_header sample_preflight[] = {
    {CORS_STRING("Host"), CORS_STRING("api.example.com")},
    {CORS_STRING("Origin"), CORS_STRING("https://shop.example.org")},
    {CORS_STRING("Access-Control-Request-Method"), CORS_STRING("PUT")},
    {CORS_STRING("Access-Control-Request-Headers"), CORS_STRING("content-type")},
};

static inline cors_request sample_request(void) {
    static const char method[] = "OPTIONS";
    cors_request request = CORS_REQUEST_INIT;
    request.method.data = method;
    request.method.len = sizeof method - 1;
    request.headers = sample_preflight;
    request.header_count = sizeof sample_preflight / sizeof *sample_preflight;
    return request;
}

#endif
