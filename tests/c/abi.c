/*
 * Numbers, names, sizes and offsets, by value: programs are compiled with them, so a change of one is a change of the
 * soname. Sizes are those of 64-bit machines.
 */

#include <cors.h>
#include <stddef.h>

#include "expect.h"

/* C99 has no static assertion. */
#define SIZE(type, size) typedef char size_of_##type[sizeof(type) == (size) ? 1 : -1]
#define OFFSET(type, member, offset) typedef char offset_of_##type##_##member[offsetof(type, member) == (offset) ? 1 : -1]

SIZE(cors_code, 4);
SIZE(cors_denial, 1);
SIZE(cors_kind, 1);
SIZE(cors_op, 1);
SIZE(cors_engine, 1);
SIZE(cors_field_id, 1);

SIZE(cors_string, 16);
OFFSET(cors_string, data, 0);
OFFSET(cors_string, len, 8);

SIZE(cors_header, 32);
OFFSET(cors_header, name, 0);
OFFSET(cors_header, value, 16);

SIZE(cors_config, 104);
OFFSET(cors_config, size, 0);
OFFSET(cors_config, allow_origins, 8);
OFFSET(cors_config, allow_origin_count, 16);
OFFSET(cors_config, allow_methods, 24);
OFFSET(cors_config, allow_method_count, 32);
OFFSET(cors_config, allow_headers, 40);
OFFSET(cors_config, allow_header_count, 48);
OFFSET(cors_config, expose_headers, 56);
OFFSET(cors_config, expose_header_count, 64);
OFFSET(cors_config, max_age, 72);
OFFSET(cors_config, accept_risks, 80);
OFFSET(cors_config, preflight_status, 84);
OFFSET(cors_config, allow_credentials, 86);
OFFSET(cors_config, allow_private_network, 87);
OFFSET(cors_config, is_public_suffix, 88);
OFFSET(cors_config, context, 96);

SIZE(cors_error, 1064);
OFFSET(cors_error, code, 0);
OFFSET(cors_error, field, 4);
OFFSET(cors_error, risk, 8);
OFFSET(cors_error, index, 16);
OFFSET(cors_error, needed, 24);
OFFSET(cors_error, message_len, 32);
OFFSET(cors_error, message, 40);

SIZE(cors_policy, 16);
OFFSET(cors_policy, data, 0);
OFFSET(cors_policy, len, 8);

SIZE(cors_request, 40);
OFFSET(cors_request, size, 0);
OFFSET(cors_request, method, 8);
OFFSET(cors_request, headers, 24);
OFFSET(cors_request, header_count, 32);

SIZE(cors_field, 40);
OFFSET(cors_field, name, 0);
OFFSET(cors_field, value, 16);
OFFSET(cors_field, op, 32);

SIZE(cors_decision, 1608);
OFFSET(cors_decision, kind, 0);
OFFSET(cors_decision, denial, 1);
OFFSET(cors_decision, status, 2);
OFFSET(cors_decision, field_count, 4);
OFFSET(cors_decision, fields, 8);

SIZE(cors_fetch, 80);
OFFSET(cors_fetch, size, 0);
OFFSET(cors_fetch, origin, 8);
OFFSET(cors_fetch, url, 24);
OFFSET(cors_fetch, method, 40);
OFFSET(cors_fetch, headers, 56);
OFFSET(cors_fetch, header_count, 64);
OFFSET(cors_fetch, credentials, 72);
OFFSET(cors_fetch, xml_http_request, 73);
OFFSET(cors_fetch, has_body, 74);
OFFSET(cors_fetch, stream_body, 75);
OFFSET(cors_fetch, upload_listener, 76);

static void constants(void) {
    EXPECT_EQ(0, CORS_OK);
    EXPECT_EQ(1, CORS_ERROR_NULL);
    EXPECT_EQ(2, CORS_ERROR_SIZE);
    EXPECT_EQ(3, CORS_ERROR_LENGTH);
    EXPECT_EQ(4, CORS_ERROR_UTF8);
    EXPECT_EQ(5, CORS_ERROR_VALUE);
    EXPECT_EQ(6, CORS_ERROR_CONFIG);
    EXPECT_EQ(7, CORS_ERROR_BUFFER);
    EXPECT_EQ(8, CORS_ERROR_IMAGE);
    EXPECT_EQ(9, CORS_ERROR_COLLISIONS);
    EXPECT_EQ(0, CORS_KIND_NOT_CORS);
    EXPECT_EQ(1, CORS_KIND_ACTUAL);
    EXPECT_EQ(2, CORS_KIND_PREFLIGHT);
    EXPECT_EQ(0, CORS_OP_REPLACE);
    EXPECT_EQ(1, CORS_OP_APPEND);
    EXPECT_EQ(0, CORS_ENGINE_STANDARD);
    EXPECT_EQ(1, CORS_ENGINE_CHROMIUM);
    EXPECT_EQ(2, CORS_ENGINE_FIREFOX);
    EXPECT_EQ(3, CORS_ENGINE_WEBKIT);
    EXPECT(CORS_MAX_AGE_NONE == INT64_MAX);
    EXPECT(CORS_INDEX_NONE == SIZE_MAX);
    EXPECT_EQ(1024, CORS_MESSAGE_SIZE);
    EXPECT_EQ(40, CORS_MAX_FIELDS);
    EXPECT_EQ(128, CORS_MAX_FETCH_HEADERS);
}

static void names(void) {
    static const struct {
        cors_denial number;
        const char *name;
    } denials[] = {{CORS_DENIAL_NONE, ""},
                   {CORS_DENIAL_ORIGIN_NOT_ALLOWED, "OriginNotAllowed"},
                   {CORS_DENIAL_MALFORMED_ORIGIN, "MalformedOrigin"},
                   {CORS_DENIAL_MULTIPLE_ORIGINS, "MultipleOrigins"},
                   {CORS_DENIAL_MULTIPLE_REQUEST_METHODS, "MultipleRequestMethods"},
                   {CORS_DENIAL_METHOD_NOT_ALLOWED, "MethodNotAllowed"},
                   {CORS_DENIAL_MALFORMED_METHOD, "MalformedMethod"},
                   {CORS_DENIAL_HEADER_NOT_ALLOWED, "HeaderNotAllowed"},
                   {CORS_DENIAL_MALFORMED_HEADERS, "MalformedHeaders"},
                   {CORS_DENIAL_HEADERS_TOO_LONG, "HeadersTooLong"}};
    static const char *const fields[] = {"", "allow_origins", "allow_methods", "allow_headers", "expose_headers", "max_age",
                                         "preflight_status", ""};
    static const char *const risks[] = {"NullOrigin", "AnyOriginWithCredentials", "InsecureOrigin", "PublicSuffix"};
    for (unsigned i = 0; i < 10; i++) {
        EXPECT_EQ(i, denials[i].number);
        EXPECT_TEXT(denials[i].name, cors_denial_name(denials[i].number));
        EXPECT((cors_denial_message(denials[i].number).len == 0) == (i == 0));
    }
    EXPECT_TEXT("", cors_denial_name(10));
    EXPECT_TEXT("", cors_denial_message(255));
    EXPECT_TEXT("the policy does not allow this method", cors_denial_message(CORS_DENIAL_METHOD_NOT_ALLOWED));
    for (cors_code code = 0; code < 10; code++)
        EXPECT(cors_code_message(code).len > 0);
    EXPECT_TEXT("", cors_code_message(-1));
    EXPECT_TEXT("", cors_code_message(10));
    for (unsigned i = 0; i < 8; i++)
        EXPECT_TEXT(fields[i], cors_field_name((cors_field_id)i));
    for (unsigned i = 0; i < 4; i++) {
        cors_string name = {risks[i], strlen(risks[i])}, part = {risks[i], strlen(risks[i]) - 1};
        EXPECT_TEXT(risks[i], cors_risk_name(UINT32_C(1) << i));
        EXPECT_EQ(1 << i, cors_risk_from_name(name));
        EXPECT_EQ(0, cors_risk_from_name(part));
    }
    EXPECT_EQ(1, CORS_RISK_NULL_ORIGIN);
    EXPECT_EQ(2, CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS);
    EXPECT_EQ(4, CORS_RISK_INSECURE_ORIGIN);
    EXPECT_EQ(8, CORS_RISK_PUBLIC_SUFFIX);
    EXPECT_TEXT("", cors_risk_name(0));
    EXPECT_TEXT("", cors_risk_name(3));
    EXPECT_TEXT("", cors_risk_name(16));
}

int main(void) {
    char version[32];
    constants();
    names();
    snprintf(version, sizeof version, "%d.%d.%d", CORS_VERSION_MAJOR, CORS_VERSION_MINOR, CORS_VERSION_PATCH);
    EXPECT_TEXT(version, cors_version());
    return failures;
}
