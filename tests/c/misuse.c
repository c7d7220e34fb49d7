/* A caller's mistakes, and what each function returns. Buffers are on the heap, so that tools see each byte beyond. */

#include <cors.h>
#include <stdlib.h>

#include "expect.h"
#include "sample.h"

static const cors_string no_bytes = {NULL, 3};
static const cors_string too_long = {"x", (size_t)-1};
static const cors_string not_utf8 = CORS_STRING("https://\xff.example");

/* An object of the same type that is not aligned. */
#define MISALIGNED(type) ((type *)(void *)((char *)misaligned + 1))
static uint64_t misaligned[1024];

static cors_policy sample_policy(unsigned char *storage, size_t size) {
    const cors_config config = sample_config();
    cors_policy policy = {NULL, 0};
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage, size, &policy, NULL));
    return policy;
}

/* Checks the code and the message of each function that takes a config. */
static void refuse_config(const cors_config *config, cors_code code, const char *message, cors_field_id field, size_t index) {
    unsigned char storage[512];
    size_t size = 77;
    cors_policy policy = {NULL, 77};
    for (int i = 0; i < 3; i++) {
        cors_error error;
        memset(&error, 0x55, sizeof error);
        EXPECT_EQ(code, i == 0   ? cors_policy_size(config, &size, &error)
                        : i == 1 ? cors_policy_compile(config, storage, sizeof storage, &policy, &error)
                                 : cors_config_check(config, NULL, NULL, &error));
        EXPECT_EQ(code, error.code);
        EXPECT(strcmp(message, error.message) == 0);
        if (strcmp(message, error.message) != 0)
            fprintf(stderr, "  \"%s\", not \"%s\"\n", error.message, message);
        EXPECT_EQ(strlen(message), error.message_len);
        EXPECT_EQ(field, error.field);
        EXPECT_EQ(index, error.index);
        EXPECT_EQ(0, error.risk);
        EXPECT_EQ(0, error.needed);
    }
    /* The error may be NULL or misaligned. */
    EXPECT_EQ(code, cors_policy_size(config, &size, NULL));
    EXPECT_EQ(code, cors_config_check(config, NULL, NULL, MISALIGNED(cors_error)));
    EXPECT_EQ(77, size);
    EXPECT_EQ(77, policy.len);
}

static void configs(void) {
    static const char size_message[] = "config: this library does not know its member size; begin with the _INIT macro of its "
                                       "type, and use a library that is not older than the header";
    static const char null_message[] = "config: NULL, or not aligned";
    cors_config config = sample_config();
    cors_string entries[3] = {CORS_STRING("https://a.example"), CORS_STRING("https://b.example"), {NULL, 0}};

    refuse_config(NULL, CORS_ERROR_NULL, null_message, CORS_FIELD_NONE, CORS_INDEX_NONE);
    refuse_config(MISALIGNED(cors_config), CORS_ERROR_NULL, null_message, CORS_FIELD_NONE, CORS_INDEX_NONE);

    static const size_t sizes[] = {0, 8, sizeof(cors_config) - 1, sizeof(cors_config) + 8, (size_t)-1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        config.size = sizes[i];
        refuse_config(&config, CORS_ERROR_SIZE, size_message, CORS_FIELD_NONE, CORS_INDEX_NONE);
    }
    /* No more is read than the size gives. */
    size_t *alone = malloc(sizeof *alone);
    *alone = 8;
    refuse_config((const cors_config *)(const void *)alone, CORS_ERROR_SIZE, size_message, CORS_FIELD_NONE, CORS_INDEX_NONE);
    free(alone);

    config = sample_config();
    config.allow_origins = NULL;
    refuse_config(&config, CORS_ERROR_NULL, "allow_origins: NULL, or not aligned", CORS_FIELD_ALLOW_ORIGINS, CORS_INDEX_NONE);
    config.allow_origins = MISALIGNED(cors_string);
    refuse_config(&config, CORS_ERROR_NULL, "allow_origins: NULL, or not aligned", CORS_FIELD_ALLOW_ORIGINS, CORS_INDEX_NONE);
    config.allow_origins = entries;
    static const size_t counts[] = {(size_t)-1, (size_t)-1 / sizeof(cors_string), (size_t)-1 / sizeof(cors_string) / 2 + 1};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        config.allow_origin_count = counts[i];
        refuse_config(&config, CORS_ERROR_LENGTH, "allow_origins: too long", CORS_FIELD_ALLOW_ORIGINS, CORS_INDEX_NONE);
    }
    config.allow_origin_count = 3;
    entries[2] = no_bytes;
    refuse_config(&config, CORS_ERROR_NULL, "allow_origins[2]: NULL, or not aligned", CORS_FIELD_ALLOW_ORIGINS, 2);
    entries[2] = too_long;
    refuse_config(&config, CORS_ERROR_LENGTH, "allow_origins[2]: too long", CORS_FIELD_ALLOW_ORIGINS, 2);
    entries[2] = not_utf8;
    refuse_config(&config, CORS_ERROR_UTF8, "allow_origins[2]: not UTF-8", CORS_FIELD_ALLOW_ORIGINS, 2);

    config = sample_config();
    config.allow_methods = &not_utf8;
    refuse_config(&config, CORS_ERROR_UTF8, "allow_methods[0]: not UTF-8", CORS_FIELD_ALLOW_METHODS, 0);
    config = sample_config();
    config.allow_headers = &not_utf8;
    refuse_config(&config, CORS_ERROR_UTF8, "allow_headers[0]: not UTF-8", CORS_FIELD_ALLOW_HEADERS, 0);
    config = sample_config();
    config.expose_headers = &not_utf8;
    config.expose_header_count = 1;
    refuse_config(&config, CORS_ERROR_UTF8, "expose_headers[0]: not UTF-8", CORS_FIELD_EXPOSE_HEADERS, 0);

    config = sample_config();
    config.accept_risks = UINT32_C(1) << 31;
    refuse_config(&config, CORS_ERROR_VALUE, "accept_risks: not one of its values", CORS_FIELD_ACCEPT_RISKS, CORS_INDEX_NONE);
    config = sample_config();
    static const int64_t ages[] = {-1, INT64_MIN, INT64_C(4294967296), INT64_MAX - 1};
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        config.max_age = ages[i];
        refuse_config(&config, CORS_ERROR_VALUE, "max_age: not one of its values", CORS_FIELD_MAX_AGE, CORS_INDEX_NONE);
    }

    /* A list without entries may be anywhere. */
    config = sample_config();
    config.allow_methods = MISALIGNED(cors_string);
    config.allow_method_count = 0;
    EXPECT_EQ(CORS_OK, cors_config_check(&config, NULL, NULL, NULL));

    /* A bool that is neither 0 nor 1 is true: no policy of `*` without credentials has these bytes. */
    config = sample_config();
    memset(&config.allow_credentials, 0x80, 1);
    unsigned char with_two[512] = {0}, with_one[512] = {0};
    cors_policy policy;
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, with_two, sizeof with_two, &policy, NULL));
    EXPECT_EQ(policy.len, sample_policy(with_one, sizeof with_one).len);
    EXPECT(memcmp(with_one, with_two, policy.len) == 0);
}

static void compiling(void) {
    const cors_config config = sample_config();
    cors_policy policy = {NULL, 77};
    cors_error error;
    size_t size;
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_size(&config, NULL, &error));
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_size(&config, MISALIGNED(size_t), &error));
    EXPECT_EQ(CORS_OK, cors_policy_size(&config, &size, &error));

    unsigned char *storage = malloc(size + 1);
    memset(storage, 0x55, size + 1);
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_compile(&config, storage, size, NULL, &error));
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_compile(&config, storage, size, MISALIGNED(cors_policy), &error));
    EXPECT(strcmp(error.message, "policy: NULL, or not aligned") == 0);
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_compile(&config, NULL, size, &policy, &error));
    EXPECT(strcmp(error.message, "storage: NULL, or not aligned") == 0);
    EXPECT_EQ(CORS_ERROR_LENGTH, cors_policy_compile(&config, storage, (size_t)-1, &policy, &error));
    /* Too little room, and no room. */
    for (size_t len = 0; len < size; len++) {
        EXPECT_EQ(CORS_ERROR_BUFFER, cors_policy_compile(&config, len == 0 ? NULL : storage, len, &policy, &error));
        EXPECT_EQ(size, error.needed);
        EXPECT_EQ(CORS_ERROR_BUFFER, error.code);
    }
    EXPECT_EQ(77, policy.len);
    for (size_t i = 0; i <= size; i++)
        EXPECT_EQ(0x55, storage[i]);
    /* Wherever it lies. */
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage + 1, size, &policy, &error));
    EXPECT(policy.data == storage + 1);
    EXPECT_EQ(size, policy.len);
    free(storage);
}

static void loading(void) {
    unsigned char storage[512];
    const cors_policy policy = sample_policy(storage, sizeof storage);
    cors_policy loaded = {NULL, 77};
    cors_error error;
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_load(NULL, 3, &loaded, &error));
    EXPECT_EQ(CORS_ERROR_IMAGE, cors_policy_load(NULL, 0, &loaded, &error));
    EXPECT_EQ(CORS_ERROR_LENGTH, cors_policy_load(storage, (size_t)-1, &loaded, &error));
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_load(storage, policy.len, NULL, &error));
    EXPECT_EQ(CORS_ERROR_NULL, cors_policy_load(storage, policy.len, MISALIGNED(cors_policy), &error));
    /* Cut short everywhere, in exactly as much room; one byte too many; and each bit of it wrong. */
    for (size_t len = 0; len < policy.len; len++) {
        unsigned char *copy = malloc(len);
        if (len > 0)
            memcpy(copy, storage, len);
        EXPECT_EQ(CORS_ERROR_IMAGE, cors_policy_load(copy, len, &loaded, &error));
        EXPECT(error.message_len > 0 && error.message_len == strlen(error.message));
        free(copy);
    }
    EXPECT_EQ(CORS_ERROR_IMAGE, cors_policy_load(storage, policy.len + 1, &loaded, &error));
    for (size_t bit = 0; bit < policy.len * 8; bit++) {
        storage[bit / 8] ^= (unsigned char)(1U << bit % 8);
        EXPECT_EQ(CORS_ERROR_IMAGE, cors_policy_load(storage, policy.len, &loaded, &error));
        storage[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    EXPECT_EQ(77, loaded.len);
    EXPECT_EQ(CORS_OK, cors_policy_load(storage, policy.len, &loaded, &error));
    EXPECT(loaded.data == storage);
}

static void evaluating(void) {
    unsigned char storage[512];
    const cors_policy policy = sample_policy(storage, sizeof storage), no_policy = {NULL, 16};
    cors_request request = sample_request();
    cors_decision decision;
    cors_header header = sample_preflight[1];
    EXPECT_EQ(CORS_ERROR_NULL, cors_evaluate(&policy, &request, NULL));
    EXPECT_EQ(CORS_ERROR_NULL, cors_evaluate(&policy, &request, MISALIGNED(cors_decision)));

#define REFUSED(code, policy, request) \
    do { \
        memset(&decision, 0x55, sizeof decision); \
        EXPECT_EQ(code, cors_evaluate(policy, request, &decision)); \
        EXPECT_EQ(0, decision.field_count); \
        EXPECT_EQ(CORS_KIND_NOT_CORS, decision.kind); \
        EXPECT_EQ(0, decision.status); \
    } while (0)

    REFUSED(CORS_ERROR_NULL, NULL, &request);
    REFUSED(CORS_ERROR_NULL, MISALIGNED(cors_policy), &request);
    REFUSED(CORS_ERROR_NULL, &no_policy, &request);
    REFUSED(CORS_ERROR_NULL, &policy, NULL);
    REFUSED(CORS_ERROR_NULL, &policy, MISALIGNED(cors_request));
    request.size = 0;
    REFUSED(CORS_ERROR_SIZE, &policy, &request);
    request.size = sizeof request + 8;
    REFUSED(CORS_ERROR_SIZE, &policy, &request);

    request = sample_request();
    request.method = no_bytes;
    REFUSED(CORS_ERROR_NULL, &policy, &request);
    request.method = too_long;
    REFUSED(CORS_ERROR_LENGTH, &policy, &request);

    request = sample_request();
    request.headers = NULL;
    REFUSED(CORS_ERROR_NULL, &policy, &request);
    request.headers = MISALIGNED(cors_header);
    REFUSED(CORS_ERROR_NULL, &policy, &request);
    request.headers = &header;
    request.header_count = (size_t)-1;
    REFUSED(CORS_ERROR_LENGTH, &policy, &request);
    request.header_count = 1;
    header.name = no_bytes;
    REFUSED(CORS_ERROR_NULL, &policy, &request);
    header.name = too_long;
    REFUSED(CORS_ERROR_LENGTH, &policy, &request);
    header = sample_preflight[1];
    header.value = no_bytes;
    REFUSED(CORS_ERROR_NULL, &policy, &request);
    header.value = too_long;
    REFUSED(CORS_ERROR_LENGTH, &policy, &request);

    /* Bytes that are not UTF-8 come from an attacker: they are not an error, and not an origin either. */
    header.value = not_utf8;
    EXPECT_EQ(CORS_OK, cors_evaluate(&policy, &request, &decision));
    EXPECT_EQ(CORS_DENIAL_MALFORMED_ORIGIN, decision.denial);
    EXPECT(cors_policy_allows_origin(&policy, sample_origins[0]));
    EXPECT(!cors_policy_allows_origin(NULL, sample_origins[0]));
    EXPECT(!cors_policy_allows_origin(&no_policy, sample_origins[0]));
    EXPECT(!cors_policy_allows_origin(&policy, no_bytes));
    EXPECT(!cors_policy_allows_origin(&policy, too_long));
    EXPECT(!cors_policy_allows_origin(&policy, not_utf8));
    EXPECT_EQ(0, cors_risk_from_name(no_bytes));
    EXPECT_EQ(0, cors_risk_from_name(too_long));
    EXPECT_EQ(0, cors_risk_from_name(not_utf8));

    /* A policy whose bytes were not kept: decisions are wrong, and nothing worse happens. */
    for (size_t len = 1; len < policy.len; len += 7) {
        unsigned char *cut = malloc(len);
        memcpy(cut, storage, len);
        const cors_policy damaged = {cut, len};
        request = sample_request();
        EXPECT_EQ(CORS_OK, cors_evaluate(&damaged, &request, &decision));
        free(cut);
    }
    unsigned char *garbage = malloc(policy.len);
    for (unsigned seed = 1; seed < 500; seed++) {
        memcpy(garbage, storage, policy.len);
        for (unsigned i = 0, state = seed; i < 1 + seed % 16; i++) {
            state = state * 1103515245 + 12345;
            garbage[(state >> 8) % policy.len] ^= (unsigned char)(state >> 16 | 1);
        }
        const cors_policy damaged = {garbage, policy.len};
        EXPECT_EQ(CORS_OK, cors_evaluate(&damaged, &request, &decision));
        EXPECT(decision.field_count <= CORS_MAX_FIELDS);
    }
    free(garbage);
}

/* The most fields: a policy that echoes, and as many lines as are read. */
static void most_fields(void) {
    static const cors_string any = CORS_STRING("*");
    cors_header headers[3 + 33] = {{CORS_STRING("Origin"), CORS_STRING("https://app.example.com")},
                                   {CORS_STRING("Access-Control-Request-Method"), CORS_STRING("PATCH")},
                                   {CORS_STRING("Access-Control-Request-Private-Network"), CORS_STRING("true")}};
    const cors_header line = {CORS_STRING("Access-Control-Request-Headers"), CORS_STRING("x-a, x-b")};
    cors_config config = sample_config();
    unsigned char storage[512];
    cors_policy policy;
    cors_request request = sample_request();
    cors_decision decision;
    config.allow_methods = config.allow_headers = &any;
    config.allow_private_network = true;
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &policy, NULL));
    for (int i = 0; i < 33; i++)
        headers[3 + i] = line;
    request.headers = headers;
    request.header_count = 3 + 32;
    EXPECT_EQ(CORS_OK, cors_evaluate(&policy, &request, &decision));
    EXPECT_EQ(CORS_DENIAL_NONE, decision.denial);
    EXPECT_EQ(6 + 32, decision.field_count);
    request.header_count++;
    EXPECT_EQ(CORS_OK, cors_evaluate(&policy, &request, &decision));
    EXPECT_EQ(CORS_DENIAL_HEADERS_TOO_LONG, decision.denial);
}

static void long_messages(void) {
    char *text = malloc(5000);
    cors_string origin = {text, 5000};
    cors_config config = CORS_CONFIG_INIT;
    cors_error error;
    /* Two bytes each, so that the end of the room falls within one of them, or not. */
    for (size_t shift = 0; shift < 2; shift++) {
        for (size_t i = 0; i < 5000; i++)
            text[i] = i < shift ? 'a' : (i - shift) % 2 == 0 ? '\xc3' : '\xa9';
        origin.len = 5000 - shift;
        config.allow_origins = &origin;
        config.allow_origin_count = 1;
        EXPECT_EQ(CORS_ERROR_CONFIG, cors_config_check(&config, NULL, NULL, &error));
        EXPECT(error.message_len > 5000);
        size_t len = strlen(error.message);
        EXPECT(len == CORS_MESSAGE_SIZE - 1 || len == CORS_MESSAGE_SIZE - 2);
        EXPECT((unsigned char)error.message[len - 1] == 0xa9);
    }
    free(text);
}

static void paths(void) {
    static const cors_string prefixes[] = {CORS_STRING("/"), CORS_STRING("/public"), CORS_STRING("/private")};
    static const struct {
        cors_string path;
        bool is_decoded;
        size_t count;
        size_t index;
    } cases[] = {
        {CORS_STRING("/x"), false, 3, 0},
        {CORS_STRING("/public/x"), false, 3, 1},
        {CORS_STRING("/%70ublic/x"), false, 3, 1},
        {CORS_STRING("/public/a%2fb"), false, 3, 1},
        {CORS_STRING("/public/..%2fprivate"), false, 3, SIZE_MAX},
        {CORS_STRING("/public/../private"), true, 3, SIZE_MAX},
        {CORS_STRING("//private"), false, 3, SIZE_MAX},
        {CORS_STRING("/public%2fx"), false, 3, SIZE_MAX},
        {CORS_STRING("/public/x"), true, 3, 1},
        {CORS_STRING("//x"), false, 1, 0},
        {CORS_STRING("//x"), false, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t index = 7;
        EXPECT_EQ(CORS_OK, cors_path_find(cases[i].path, cases[i].is_decoded, prefixes, cases[i].count, &index));
        EXPECT_EQ(cases[i].index, index);
    }
    // None of these prefixes covers the path.
    size_t index = 7;
    EXPECT_EQ(CORS_OK, cors_path_find(cases[0].path, false, prefixes + 1, 2, &index));
    EXPECT_EQ(2, index);

    static const cors_string wrong[] = {CORS_STRING("api"), CORS_STRING("/a%20b"), CORS_STRING("/a//b"), CORS_STRING("")};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        index = 7;
        EXPECT_EQ(CORS_ERROR_VALUE, cors_path_find(cases[0].path, false, &wrong[i], 1, &index));
        EXPECT_EQ(SIZE_MAX, index);
    }
    EXPECT_EQ(CORS_ERROR_UTF8, cors_path_find(cases[0].path, false, &not_utf8, 1, &index));
    EXPECT_EQ(CORS_ERROR_NULL, cors_path_find(cases[0].path, false, NULL, 1, &index));
    EXPECT_EQ(CORS_ERROR_NULL, cors_path_find(cases[0].path, false, prefixes, 1, NULL));
    EXPECT_EQ(CORS_ERROR_NULL, cors_path_find((cors_string){NULL, 1}, false, prefixes, 1, &index));
    EXPECT_EQ(SIZE_MAX, index);

    const cors_header asks[] = {{CORS_STRING("origin"), CORS_STRING("https://app.example.com")},
                                {CORS_STRING("access-control-request-method"), CORS_STRING("PUT")}};
    cors_request request = CORS_REQUEST_INIT;
    cors_decision decision;
    request.method = (cors_string)CORS_STRING("OPTIONS");
    request.headers = asks;
    static const struct {
        size_t header_count;
        int kind;
        int denial;
        int status;
    } answers[] = {
        {0, CORS_KIND_NOT_CORS, CORS_DENIAL_NONE, 0},
        {1, CORS_KIND_ACTUAL, CORS_DENIAL_AMBIGUOUS_PATH, 0},
        {2, CORS_KIND_PREFLIGHT, CORS_DENIAL_AMBIGUOUS_PATH, 403},
    };
    for (size_t i = 0; i < 3; i++) {
        request.header_count = answers[i].header_count;
        EXPECT_EQ(CORS_OK, cors_evaluate_ambiguous_path(&request, &decision));
        EXPECT_EQ(answers[i].kind, decision.kind);
        EXPECT_EQ(answers[i].denial, decision.denial);
        EXPECT_EQ(answers[i].status, decision.status);
        EXPECT_EQ(1, decision.field_count);
        EXPECT(memcmp(decision.fields[0].name.data, "vary", 4) == 0);
        EXPECT(memcmp(decision.fields[0].value.data, "origin", 6) == 0);
    }
    EXPECT_EQ(CORS_ERROR_NULL, cors_evaluate_ambiguous_path(NULL, &decision));
    EXPECT_EQ(0, decision.field_count);
    EXPECT_EQ(CORS_ERROR_NULL, cors_evaluate_ambiguous_path(&request, NULL));
}

int main(void) {
    configs();
    compiling();
    loading();
    evaluating();
    paths();
    most_fields();
    long_messages();
    return failures > 0;
}
