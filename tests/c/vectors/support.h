/* The parts of the runner of tests/vectors: strict JSON, bytes in exact allocations, and a report. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include <cjson/cJSON.h>
#include <cors.h>

/* Returns the vectors of a file, at least one. CORS_VECTORS names the folder. */
cJSON *load(const char *file);

/* Returns a member, which has to exist. */
const cJSON *member(const cJSON *object, const char *name);
/* Returns a member of a certain type, which has to exist. */
const char *text_of(const cJSON *object, const char *name);
const cJSON *list_of(const cJSON *object, const char *name);
/* Returns a number; -1 for null. */
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
/* Ends the program, because a vector is malformed. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
/* The number of failures that were noted. */
extern int failures;

/* Returns a vector's config. It lives until forget(). */
cors_config config_of(const cJSON *json);
/* Compiles a config and checks the properties of its image; returns false if the config does not compile. */
bool compile(const cors_config *config, const char *name, cors_policy *policy);

void run_origins(void);
void run_patterns(void);
void run_configs(void);
void run_decisions(const char *file);
void run_browser_cases(void);

#endif
