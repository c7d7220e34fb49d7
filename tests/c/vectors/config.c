/* A vector's config, and what holds for the image of every config that compiles. */

#include <string.h>

#include "support.h"

/* The whole list, for every runner: the vectors must not change when the world's does. */
static bool is_public_suffix(void *context, const char *domain, size_t len) {
    static const char *const suffixes[] = {"com", "co.uk", "uk", "io", "github.io", "example"};
    (void)context;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (is_text((cors_string){domain, len}, suffixes[i]))
            return true;
    return false;
}

static void read_list(const cJSON *json, const char *name, const cors_string **strings, size_t *count) {
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, name);
    const cJSON *entry;
    if (list == NULL)
        return;
    cors_string *read = room((size_t)cJSON_GetArraySize(list) * sizeof *read);
    *strings = read;
    cJSON_ArrayForEach(entry, list) read[(*count)++] = value(entry);
}

cors_config config_of(const cJSON *json) {
    static const char *const names[] = {"allow_origins",     "allow_methods", "allow_headers",
                                        "expose_headers",    "max_age",       "allow_credentials",
                                        "allow_private_network", "preflight_status", "accept_risks", NULL};
    cors_config config = CORS_CONFIG_INIT;
    const cJSON *risk;
    only(json, names);
    read_list(json, "allow_origins", &config.allow_origins, &config.allow_origin_count);
    read_list(json, "allow_methods", &config.allow_methods, &config.allow_method_count);
    read_list(json, "allow_headers", &config.allow_headers, &config.allow_header_count);
    read_list(json, "expose_headers", &config.expose_headers, &config.expose_header_count);
    config.allow_credentials = boolean_or(json, "allow_credentials", false);
    config.allow_private_network = boolean_or(json, "allow_private_network", false);
    if (cJSON_HasObjectItem(json, "max_age") && number_or_null(json, "max_age") >= 0)
        config.max_age = (int64_t)number_or_null(json, "max_age");
    if (cJSON_HasObjectItem(json, "preflight_status"))
        config.preflight_status = (uint16_t)number_or_null(json, "preflight_status");
    cJSON_ArrayForEach(risk, cJSON_GetObjectItemCaseSensitive(json, "accept_risks")) {
        uint32_t bit = cors_risk_from_name(keep_text(risk->valuestring));
        if (bit == 0)
            die("%s is no risk", risk->valuestring);
        config.accept_risks |= bit;
    }
    config.is_public_suffix = is_public_suffix;
    return config;
}

bool compile(const cors_config *config, const char *name, cors_policy *policy) {
    size_t size = 0;
    cors_error error;
    check_numbers(CORS_OK, cors_policy_size(config, &size, &error), "%s: its size", name);
    void *image = room(size);
    cors_code code = cors_policy_compile(config, image, size, policy, &error);
    check_numbers(CORS_OK, code, "%s: compiled: %s", name, code == CORS_OK ? "" : error.message);
    if (code != CORS_OK)
        return false;
    check_numbers((long long)size, (long long)policy->len, "%s: the size foretold", name);

    cors_policy other;
    check_numbers(CORS_ERROR_BUFFER, cors_policy_compile(config, room(size - 1), size - 1, &other, &error),
                  "%s: with a byte less", name);
    check_numbers((long long)size, (long long)error.needed, "%s: what is needed", name);

    unsigned char *longer = room(size + 64);
    memset(longer, 0x55, size + 64);
    check_numbers(CORS_OK, cors_policy_compile(config, longer, size + 64, &other, &error), "%s: with more room", name);
    check_numbers(0, memcmp(image, longer, size), "%s: the same bytes", name);
    for (size_t i = size; i < size + 64; i++)
        check_numbers(0x55, longer[i], "%s: what lies behind, at %zu", name, i);

    check_numbers(CORS_OK, cors_policy_load(image, size, &other, &error), "%s: loaded", name);
    return true;
}
