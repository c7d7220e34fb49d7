/* The mistakes of a caller of cors_explain. */

#include <cors.h>
#include <stdlib.h>

#include "expect.h"
#include "sample.h"

static unsigned char storage[512];
static cors_policy policy;
static uint64_t misaligned[64];

static cors_fetch sample_fetch(void) {
    static const cors_string origin = CORS_STRING("https://app.example.com"), url = CORS_STRING("https://api.example.com/");
    cors_fetch fetch = CORS_FETCH_INIT;
    fetch.origin = origin;
    fetch.url = url;
    return fetch;
}

static void refused(cors_code code, const cors_fetch *fetch, const char *message) {
    char buffer[4096];
    cors_error error;
    EXPECT_EQ(code, cors_explain(&policy, fetch, CORS_ENGINE_STANDARD, buffer, sizeof buffer, NULL, &error));
    EXPECT_EQ(code, error.code);
    EXPECT(strncmp(message, error.message, strlen(message)) == 0);
    EXPECT_EQ(code, cors_explain(&policy, fetch, CORS_ENGINE_STANDARD, buffer, sizeof buffer, NULL, NULL));
}

static void fetches(void) {
    static const cors_string no_bytes = {NULL, 1}, not_utf8 = CORS_STRING("\xff"), path = CORS_STRING("https://a.example/");
    static cors_header headers[CORS_MAX_FETCH_HEADERS + 1];
    cors_fetch fetch = sample_fetch();
    refused(CORS_ERROR_NULL, NULL, "fetch: NULL");
    refused(CORS_ERROR_NULL, (cors_fetch *)(void *)((char *)misaligned + 1), "fetch: NULL, or not aligned");
    fetch.size--;
    refused(CORS_ERROR_SIZE, &fetch, "fetch: this library does not know its member size");
    fetch = sample_fetch();
    fetch.origin = no_bytes;
    refused(CORS_ERROR_NULL, &fetch, "origin: NULL");
    fetch.origin = path;
    refused(CORS_ERROR_VALUE, &fetch, "origin: not one of its values");
    fetch = sample_fetch();
    fetch.url = not_utf8;
    refused(CORS_ERROR_UTF8, &fetch, "url: not UTF-8");
    fetch = sample_fetch();
    fetch.method = not_utf8;
    refused(CORS_ERROR_UTF8, &fetch, "method: not UTF-8");
    fetch = sample_fetch();
    fetch.header_count = 1;
    refused(CORS_ERROR_NULL, &fetch, "headers: NULL");
    fetch.headers = headers;
    fetch.header_count = CORS_MAX_FETCH_HEADERS + 1;
    refused(CORS_ERROR_LENGTH, &fetch, "headers: too long");
    fetch.header_count = 2;
    headers[1].name = not_utf8;
    refused(CORS_ERROR_UTF8, &fetch, "headers[1]: not UTF-8");
    headers[1].name = no_bytes;
    refused(CORS_ERROR_NULL, &fetch, "headers[1]: NULL");
    memset(headers, 0, sizeof headers);

    /* Names that a preflight could not list in 8 KiB. */
    static char name[128];
    memset(name, 'x', sizeof name);
    for (int i = 0; i < CORS_MAX_FETCH_HEADERS; i++) {
        headers[i].name.data = name;
        headers[i].name.len = sizeof name - (size_t)i;
    }
    fetch.header_count = CORS_MAX_FETCH_HEADERS;
    refused(CORS_ERROR_LENGTH, &fetch, "headers: too long");
}

static void buffers(void) {
    const cors_fetch fetch = sample_fetch();
    char whole[4096];
    size_t needed = 0;
    cors_error error;
    EXPECT_EQ(CORS_ERROR_NULL, cors_explain(NULL, &fetch, CORS_ENGINE_STANDARD, whole, sizeof whole, &needed, &error));
    EXPECT_EQ(CORS_ERROR_VALUE, cors_explain(&policy, &fetch, 4, whole, sizeof whole, &needed, &error));
    EXPECT(strncmp(error.message, "engine: ", 8) == 0);
    EXPECT_EQ(CORS_ERROR_NULL, cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, NULL, 10, &needed, &error));
    EXPECT_EQ(CORS_ERROR_LENGTH, cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, whole, (size_t)-1, &needed, &error));
    EXPECT_EQ(CORS_ERROR_NULL,
              cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, whole, sizeof whole, (size_t *)(void *)((char *)misaligned + 1), &error));
    EXPECT_EQ(0, needed);

    EXPECT_EQ(CORS_OK, cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, whole, sizeof whole, &needed, &error));
    EXPECT_EQ(strlen(whole) + 1, needed);
    EXPECT(strncmp(whole, "the page at https://app.example.com calls fetch: GET https://api.example.com/\n", 78) == 0);
    for (size_t len = 0; len <= needed; len++) {
        char *buffer = malloc(len);
        size_t again = 0;
        EXPECT_EQ(len < needed ? CORS_ERROR_BUFFER : CORS_OK,
                  cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, buffer, len, &again, &error));
        EXPECT_EQ(needed, again);
        if (len > 0) {
            EXPECT_EQ(len - 1, strlen(buffer));
            EXPECT(memcmp(buffer, whole, len - 1) == 0);
        }
        if (len < needed)
            EXPECT_EQ(needed, error.needed);
        free(buffer);
    }
}

int main(void) {
    const cors_config config = sample_config();
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &policy, NULL));
    fetches();
    buffers();
    return failures > 0;
}
