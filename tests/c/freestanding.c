/*
 * A program without a C library, as on a microcontroller: the static library needs only memcpy and its kin. Built with
 * -nostdlib -ffreestanding -static for Linux on x86-64 or AArch64; the exit status is the number of the step that failed.
 */

#include <cors.h>

#include "sample.h"

void *memcpy(void *restrict to, const void *restrict from, size_t len) {
    unsigned char *t = to;
    const unsigned char *f = from;
    while (len-- > 0)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t len) {
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t < f)
        return memcpy(to, from, len);
    while (len-- > 0)
        t[len] = f[len];
    return to;
}

void *memset(void *to, int byte, size_t len) {
    unsigned char *t = to;
    while (len-- > 0)
        *t++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *left, const void *right, size_t len) {
    const unsigned char *l = left, *r = right;
    for (; len > 0; len--, l++, r++)
        if (*l != *r)
            return *l - *r;
    return 0;
}

int bcmp(const void *left, const void *right, size_t len) {
    return memcmp(left, right, len);
}

static int run(void) {
    static unsigned char storage[512], copy[512];
    static char text[4096];
    const cors_config config = sample_config();
    const cors_request request = sample_request();
    cors_fetch fetch = CORS_FETCH_INIT;
    cors_policy policy;
    cors_error error;
    cors_decision decision;
    if (cors_policy_compile(&config, storage, sizeof storage, &policy, &error) != CORS_OK)
        return 1;
    memcpy(copy, policy.data, policy.len);
    if (cors_policy_load(copy, policy.len, &policy, &error) != CORS_OK)
        return 2;
    if (cors_evaluate(&policy, &request, &decision) != CORS_OK || decision.denial != CORS_DENIAL_NONE || decision.field_count != 6)
        return 3;
    if (cors_policy_load(copy, policy.len - 1, &policy, &error) != CORS_ERROR_IMAGE || error.message_len == 0)
        return 4;
    fetch.origin = sample_origins[0];
    fetch.url = sample_origins[0];
    if (cors_explain(&policy, &fetch, CORS_ENGINE_STANDARD, text, sizeof text, NULL, &error) != CORS_OK)
        return 5;
    return 0;
}

__attribute__((used)) static void start(void) {
    long status = run();
#if defined(__x86_64__)
    __asm__ volatile("syscall" ::"a"(60L), "D"(status));
#elif defined(__aarch64__)
    register long x0 __asm__("x0") = status, x8 __asm__("x8") = 93;
    __asm__ volatile("svc 0" ::"r"(x0), "r"(x8));
#else
#error "say how a program ends here"
#endif
    for (;;) {
    }
}

/* The kernel leaves the stack aligned to 16 bytes, a function expects it to be after a call. */
#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n call start\n");
#else
__asm__(".globl _start\n_start:\n bl start\n");
#endif
