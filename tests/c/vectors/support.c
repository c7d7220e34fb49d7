#include "support.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place place;
int failures;

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s[%d]: ", place.file, place.index);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

cJSON *load(const char *file) {
    const char *folder = getenv("CORS_VECTORS");
    char path[4096];
    place = (struct place){file, 0, ""};
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests/vectors", file);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        die("cannot open %s", path);
    fseek(stream, 0, SEEK_END);
    size_t len = (size_t)ftell(stream);
    rewind(stream);
    char *text = malloc(len);
    if (text == NULL || fread(text, 1, len, stream) != len)
        die("cannot read %s", path);
    fclose(stream);
    cJSON *json = cJSON_ParseWithLength(text, len);
    free(text);
    if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) == 0)
        die("no array of vectors");
    return json;
}

const cJSON *member(const cJSON *object, const char *name) {
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (found == NULL)
        die("no member %s", name);
    return found;
}

const char *text_of(const cJSON *object, const char *name) {
    const cJSON *found = member(object, name);
    if (!cJSON_IsString(found))
        die("%s is no string", name);
    return found->valuestring;
}

const cJSON *list_of(const cJSON *object, const char *name) {
    const cJSON *found = member(object, name);
    if (!cJSON_IsArray(found))
        die("%s is no array", name);
    return found;
}

double number_or_null(const cJSON *object, const char *name) {
    const cJSON *found = member(object, name);
    if (!cJSON_IsNumber(found) && !cJSON_IsNull(found))
        die("%s is no number", name);
    return cJSON_IsNull(found) ? -1 : found->valuedouble;
}

bool boolean_or(const cJSON *object, const char *name, bool otherwise) {
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    if (found != NULL && !cJSON_IsBool(found))
        die("%s is no boolean", name);
    return found == NULL ? otherwise : cJSON_IsTrue(found);
}

void only(const cJSON *object, const char *const *names) {
    const cJSON *each;
    if (!cJSON_IsObject(object))
        die("no object");
    cJSON_ArrayForEach(each, object) {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, each->string) != 0)
            name++;
        if (*name == NULL)
            die("an unknown member %s", each->string);
    }
}

static struct block {
    struct block *next;
    void *bytes;
} *blocks;

void *room(size_t len) {
    struct block *block = malloc(sizeof *block);
    void *bytes = malloc(len);
    if (block == NULL || (bytes == NULL && len > 0))
        die("out of memory");
    *block = (struct block){blocks, bytes};
    blocks = block;
    return bytes;
}

cors_string keep(const void *bytes, size_t len) {
    char *copy = room(len);
    if (len > 0)
        memcpy(copy, bytes, len);
    return (cors_string){copy, len};
}

cors_string keep_text(const char *text) {
    return keep(text, strlen(text));
}

void forget(void) {
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks->bytes);
        free(blocks);
        blocks = next;
    }
}

static cors_string repeated(const cJSON *json) {
    static const char *const names[] = {"repeat", "times", "prefix", "suffix", NULL};
    only(json, names);
    const char *part = text_of(json, "repeat");
    size_t times = (size_t)number_or_null(json, "times");
    const cJSON *prefix = cJSON_GetObjectItemCaseSensitive(json, "prefix");
    const cJSON *suffix = cJSON_GetObjectItemCaseSensitive(json, "suffix");
    size_t before = prefix == NULL ? 0 : strlen(prefix->valuestring);
    size_t after = suffix == NULL ? 0 : strlen(suffix->valuestring);
    size_t len = before + strlen(part) * times + after;
    char *bytes = room(len);
    char *at = bytes;
    if (before > 0)
        memcpy(at, prefix->valuestring, before);
    at += before;
    for (size_t i = 0; i < times; i++, at += strlen(part))
        memcpy(at, part, strlen(part));
    if (after > 0)
        memcpy(at, suffix->valuestring, after);
    return (cors_string){bytes, len};
}

cors_string value(const cJSON *json) {
    static const char *const names[] = {"hex", NULL};
    if (cJSON_IsString(json))
        return keep_text(json->valuestring);
    if (cJSON_GetObjectItemCaseSensitive(json, "repeat") != NULL)
        return repeated(json);
    only(json, names);
    const char *hex = text_of(json, "hex");
    size_t len = strlen(hex) / 2;
    char *bytes = room(len);
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            die("%s is not hexadecimal", hex);
        bytes[i] = (char)byte;
    }
    return (cors_string){bytes, len};
}

bool equal(cors_string left, cors_string right) {
    return left.len == right.len && (left.len == 0 || memcmp(left.data, right.data, left.len) == 0);
}

bool is_text(cors_string string, const char *text) {
    return equal(string, (cors_string){text, strlen(text)});
}

static void fail_at(const char *input, va_list arguments) {
    failures++;
    fprintf(stderr, "%s[%d] %s: ", place.file, place.index, place.rule);
    vfprintf(stderr, input, arguments);
}

void check_strings(cors_string expected, cors_string got, const char *input, ...) {
    if (equal(expected, got))
        return;
    va_list arguments;
    va_start(arguments, input);
    fail_at(input, arguments);
    va_end(arguments);
    fprintf(stderr, "\n  expected: %.*s\n  got:      %.*s\n", (int)expected.len, expected.data, (int)got.len, got.data);
}

void check_numbers(long long expected, long long got, const char *input, ...) {
    if (expected == got)
        return;
    va_list arguments;
    va_start(arguments, input);
    fail_at(input, arguments);
    va_end(arguments);
    fprintf(stderr, "\n  expected: %lld\n  got:      %lld\n", expected, got);
}
