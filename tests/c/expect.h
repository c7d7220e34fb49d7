/* A failed expectation is printed with its place, and the program goes on; `failures` is its exit status. */

#ifndef EXPECT_H
#define EXPECT_H

#include <stdio.h>
#include <string.h>

static int failures;

#define EXPECT(condition) \
    ((condition) ? (void)0 : (void)(failures++, fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

/* Two numbers that have to be equal. */
#define EXPECT_EQ(expected, got) \
    expect_eq((long long)(expected), (long long)(got), __FILE__, __LINE__, #got)

static inline void expect_eq(long long expected, long long got, const char *file, int line, const char *what) {
    if (expected == got)
        return;
    failures++;
    fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", file, line, what, got, expected);
}

/* A cors_string that has to be this text. */
#define EXPECT_TEXT(expected, got) expect_text((expected), (got), __FILE__, __LINE__, #got)

static inline void expect_text(const char *expected, cors_string got, const char *file, int line, const char *what) {
    if (got.len == strlen(expected) && memcmp(got.data, expected, got.len) == 0)
        return;
    failures++;
    fprintf(stderr, "%s:%d: %s is \"%.*s\", not \"%s\"\n", file, line, what, (int)got.len, got.data, expected);
}

#endif
