/* Measures the stack that cors_explain takes. It paints the room, so do not run it under tools that watch the stack. */

#include <cors.h>
#include <pthread.h>
#include <stdlib.h>

#include "expect.h"
#include "sample.h"

static unsigned char storage[512];
static cors_policy policy;

static void *explain_most(void *result) {
    static char buffer[1 << 16];
    static cors_header headers[CORS_MAX_FETCH_HEADERS];
    cors_fetch fetch = CORS_FETCH_INIT;
    fetch.origin = sample_origins[0];
    fetch.url = sample_origins[0];
    for (int i = 0; i < CORS_MAX_FETCH_HEADERS; i++)
        headers[i] = (cors_header){CORS_STRING("x-a"), CORS_STRING("1")};
    fetch.headers = headers;
    fetch.header_count = CORS_MAX_FETCH_HEADERS;
    *(cors_code *)result = cors_explain(&policy, &fetch, CORS_ENGINE_FIREFOX, buffer, sizeof buffer, NULL, NULL);
    return NULL;
}

int main(void) {
    const cors_config config = sample_config();
    enum { SIZE = 256 * 1024 };
    unsigned char *bytes = NULL;
    cors_code code = -1;
    pthread_attr_t attributes;
    pthread_t thread;
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &policy, NULL));
    EXPECT_EQ(0, posix_memalign((void **)&bytes, 4096, SIZE));
    memset(bytes, 0x55, SIZE);
    EXPECT_EQ(0, pthread_attr_init(&attributes));
    EXPECT_EQ(0, pthread_attr_setstack(&attributes, bytes, SIZE));
    EXPECT_EQ(0, pthread_create(&thread, &attributes, explain_most, &code));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(CORS_OK, code);
    size_t untouched = 0;
    while (untouched < SIZE && bytes[untouched] == 0x55)
        untouched++;
    /* The header's limit, although the thread itself uses a part of the stack. */
    EXPECT(SIZE - untouched <= 64 * 1024);
    printf("cors_explain: at most %zu bytes of stack\n", SIZE - untouched);
    pthread_attr_destroy(&attributes);
    free(bytes);
    return failures > 0;
}

