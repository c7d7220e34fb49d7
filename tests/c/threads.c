/* Eight threads evaluate one policy at once, and compile, check and explain at the same time. */

#include <cors.h>
#include <pthread.h>

#include "expect.h"
#include "sample.h"

enum { THREADS = 8, ROUNDS = 2000 };

static cors_policy policy;
static pthread_barrier_t start;

static void on_problem(void *context, const cors_error *problem) {
    (void)problem;
    ++*(int *)context;
}

/* Returns the number of wrong results. */
static void *run(void *result) {
    int *wrong = result;
    cors_config config = sample_config();
    const cors_string bad = CORS_STRING("https://Example.com/");
    cors_fetch fetch = CORS_FETCH_INIT;
    fetch.origin = sample_origins[0];
    fetch.url = sample_origins[0];
    pthread_barrier_wait(&start);
    for (int i = 0; i < ROUNDS; i++) {
        cors_request request = sample_request();
        cors_decision decision;
        *wrong += cors_evaluate(&policy, &request, &decision) != CORS_OK || decision.kind != CORS_KIND_PREFLIGHT ||
                  decision.denial != CORS_DENIAL_NONE || decision.status != 204 || decision.field_count != 6;
        request.method.len--;
        *wrong += cors_evaluate(&policy, &request, &decision) != CORS_OK || decision.kind != CORS_KIND_ACTUAL;
        *wrong += !cors_policy_allows_origin(&policy, sample_origins[0]);
        if (i % 100 == 0) {
            unsigned char storage[512];
            char text[4096];
            cors_policy own;
            cors_error error;
            int problems = 0;
            *wrong += cors_policy_compile(&config, storage, sizeof storage, &own, &error) != CORS_OK || own.len != policy.len ||
                      memcmp(own.data, policy.data, own.len) != 0;
            *wrong += cors_policy_load(policy.data, policy.len, &own, &error) != CORS_OK;
            config.allow_origins = &bad;
            config.allow_origin_count = 1;
            *wrong += cors_config_check(&config, on_problem, &problems, &error) != CORS_ERROR_CONFIG || problems != 1;
            config = sample_config();
            *wrong += cors_explain(&policy, &fetch, CORS_ENGINE_CHROMIUM, text, sizeof text, NULL, &error) != CORS_OK;
        }
    }
    return NULL;
}

int main(void) {
    static unsigned char storage[512];
    const cors_config config = sample_config();
    pthread_t threads[THREADS];
    int wrong[THREADS] = {0};
    EXPECT_EQ(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &policy, NULL));
    EXPECT_EQ(0, pthread_barrier_init(&start, NULL, THREADS));
    for (int i = 0; i < THREADS; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, run, &wrong[i]));
    for (int i = 0; i < THREADS; i++) {
        EXPECT_EQ(0, pthread_join(threads[i], NULL));
        EXPECT_EQ(0, wrong[i]);
    }
    pthread_barrier_destroy(&start);
    return failures > 0;
}
