/* What the runner of tests/vectors is made of: strict JSON, bytes that end where they end, and a report. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include <cjson/cJSON.h>
#include <cors.h>

/* A file of vectors, at least one. CORS_VECTORS names the folder. */
cJSON *load(const char *file);

/* A member that has to be there. */
const cJSON *member(const cJSON *object, const char *name);
/* The same of a certain type. */
const char *text_of(const cJSON *object, const char *name);
const cJSON *list_of(const cJSON *object, const char *name);
/* A number; -1 for null. */
double number_or_null(const cJSON *object, const char *name);
bool boolean_or(const cJSON *object, const char *name, bool otherwise);
/* Ends the program if the object has members other than these, whose last is NULL. */
void only(const cJSON *object, const char *const *names);

/*
 * Bytes on the heap, exactly as many as there are, so that Valgrind and AddressSanitizer see each byte read beyond. They
 * live until forget().
 */
void *room(size_t len);
cors_string keep(const void *bytes, size_t len);
cors_string keep_text(const char *text);
/* A <value> of the vectors: a text, hexadecimal bytes, or a text repeated. */
cors_string value(const cJSON *json);
void forget(void);

bool equal(cors_string left, cors_string right);
bool is_text(cors_string string, const char *text);

/* The vector at hand. */
extern struct place {
    const char *file;
    int index;
    const char *rule;
} place;

/* Notes a failure unless both are the same. `input` is a format. */
void check_strings(cors_string expected, cors_string got, const char *input, ...) __attribute__((format(printf, 3, 4)));
void check_numbers(long long expected, long long got, const char *input, ...) __attribute__((format(printf, 3, 4)));
/* Ends the program: a vector is not as it should be. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* How many failures were noted. */
extern int failures;

/* A vector's config. It lives until forget(). */
cors_config config_of(const cJSON *json);
/* Its image, its properties checked on the way; false if it does not compile. */
bool compile(const cors_config *config, const char *name, cors_policy *policy);

void run_origins(void);
void run_patterns(void);
void run_configs(void);
void run_decisions(void);
void run_browser_cases(void);

#endif
