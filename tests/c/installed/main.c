/* A program of somebody who has installed libcors. */

#include <cors.h>
#include <stdio.h>

int main(void) {
    static const cors_string origins[] = {CORS_STRING("https://app.example.com")};
    static const cors_header headers[] = {{CORS_STRING("Origin"), CORS_STRING("https://app.example.com")}};
    cors_config config = CORS_CONFIG_INIT;
    config.allow_origins = origins;
    config.allow_origin_count = 1;

    static unsigned char storage[512];
    cors_policy policy;
    cors_error error;
    if (cors_policy_compile(&config, storage, sizeof storage, &policy, &error) != CORS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    cors_request request = CORS_REQUEST_INIT;
    request.method = (cors_string)CORS_STRING("GET");
    request.headers = headers;
    request.header_count = 1;

    cors_decision decision;
    if (cors_evaluate(&policy, &request, &decision) != CORS_OK)
        return 1;
    for (size_t i = 0; i < decision.field_count; i++) {
        const cors_field *field = &decision.fields[i];
        printf("%.*s: %.*s\n", (int)field->name.len, field->name.data, (int)field->value.len, field->value.data);
    }
    return 0;
}
