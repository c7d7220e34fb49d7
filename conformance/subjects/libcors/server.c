/*
 * The application of routes.json on libmicrohttpd, with libcors in front: server IMAGE PORT.
 */

#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <cors.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINES = 64, MAX_VARY = 512 };

static cors_policy policy;
static const cJSON *routes;

static char *read_file(const char *path, size_t *len) {
    FILE *file = path != NULL ? fopen(path, "rb") : NULL;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    *len = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*len + 1);
    if (data == NULL || fread(data, 1, *len, file) != *len)
        exit(1);
    data[*len] = '\0';
    fclose(file);
    return data;
}

/* The request lines that have to do with CORS. */
struct lines {
    cors_header list[MAX_LINES];
    size_t count;
};

static enum MHD_Result add_line(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                const char *value, size_t value_len) {
    struct lines *lines = context;
    (void)kind;
    if (strcasecmp(name, "origin") == 0 || strncasecmp(name, "access-control-request-", 23) == 0)
        lines->list[lines->count++] = (cors_header){{name, name_len}, {value, value_len}};
    return lines->count < MAX_LINES ? MHD_YES : MHD_NO;
}

static void add_field(struct MHD_Response *response, cors_string name, cors_string value) {
    char *name_text = strndup(name.data, name.len), *value_text = strndup(value.data, value.len);
    if (name_text != NULL && value_text != NULL)
        MHD_add_response_header(response, name_text, value_text);
    free(name_text);
    free(value_text);
}

/* What the application answers. */
struct answer {
    unsigned status;
    const char *body;
    const cJSON *fields;
    bool streams;
};

static struct answer application(const char *path, const char *method, const char *accept_encoding) {
    const cJSON *route, *item;
    cJSON_ArrayForEach(route, routes) {
        const cJSON *methods = cJSON_GetObjectItem(route, "methods");
        if (strcmp(cJSON_GetObjectItem(route, "path")->valuestring, path) != 0 || cJSON_GetArraySize(methods) == 0)
            continue;
        bool is_listed = false;
        cJSON_ArrayForEach(item, methods) {
            is_listed = is_listed || strcmp(item->valuestring, strcmp(method, "HEAD") == 0 ? "GET" : method) == 0;
        }
        if (!is_listed)
            return (struct answer){405, "no\n", NULL, false};
        const cJSON *kind = cJSON_GetObjectItem(route, "kind"), *status = cJSON_GetObjectItem(route, "status");
        const cJSON *body = cJSON_GetObjectItem(route, "body");
        struct answer answer = {status != NULL ? (unsigned)status->valueint : 200, body != NULL ? body->valuestring : "",
                                cJSON_GetObjectItem(route, "fields"), false};
        if (kind != NULL && strcmp(kind->valuestring, "error") == 0) /* What C has for an exception. */
            answer.status = 500;
        if (kind != NULL && strcmp(kind->valuestring, "encoding") == 0)
            answer.body = accept_encoding != NULL && strstr(accept_encoding, "gzip") ? "for gzip\n" : "for others\n";
        answer.streams = kind != NULL && strcmp(kind->valuestring, "stream") == 0;
        return answer;
    }
    return (struct answer){404, "nothing\n", NULL, false};
}

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t max) {
    (void)context;
    const char *piece = position == 0 ? "first\n" : "second\n";
    if (position > strlen("first\n") || max < strlen(piece))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (position > 0)
        nanosleep(&(struct timespec){1, 0}, NULL);
    memcpy(buffer, piece, strlen(piece));
    return (ssize_t)strlen(piece);
}

/* Adds the application's fields without those of a policy, then the decision's, and one line of Vary. */
static void add_fields(struct MHD_Response *response, const cJSON *fields, const cors_decision *decision) {
    cors_string own_vary[MAX_LINES], names = {NULL, 0};
    size_t own_count = 0;
    const cJSON *field;
    cJSON_ArrayForEach(field, fields) {
        const char *name = cJSON_GetArrayItem(field, 0)->valuestring, *value = cJSON_GetArrayItem(field, 1)->valuestring;
        if (strcasecmp(name, "vary") == 0 && own_count < MAX_LINES)
            own_vary[own_count++] = (cors_string){value, strlen(value)};
        else if (!cors_is_policy_field((cors_string){name, strlen(name)}))
            MHD_add_response_header(response, name, value);
    }
    for (size_t i = 0; i < decision->field_count; i++) {
        if (decision->fields[i].op == CORS_OP_APPEND)
            names = decision->fields[i].value;
        else
            add_field(response, decision->fields[i].name, decision->fields[i].value);
    }
    char merged[MAX_VARY];
    size_t len = 0;
    if (cors_vary_merge(own_vary, own_count, names, merged, sizeof merged, &len) == CORS_OK && len > 0)
        add_field(response, (cors_string)CORS_STRING("Vary"), (cors_string){merged, len});
    else
        for (size_t i = 0; i < own_count; i++)
            add_field(response, (cors_string)CORS_STRING("Vary"), own_vary[i]);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *body, size_t *body_len, void **state) {
    (void)context, (void)version, (void)body;
    if (*state == NULL || *body_len > 0) { /* There is more to come. */
        *state = &policy;
        *body_len = 0;
        return MHD_YES;
    }
    struct lines lines = {.count = 0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_line, &lines);
    cors_request request = CORS_REQUEST_INIT;
    request.method = (cors_string){method, strlen(method)};
    request.headers = lines.list;
    request.header_count = lines.count;
    cors_decision decision;
    if (lines.count == MAX_LINES || cors_evaluate(&policy, &request, &decision) != CORS_OK)
        return MHD_NO; /* No browser's: the connection is closed. */
    struct answer answer = {decision.status, "", NULL, false};
    if (decision.kind != CORS_KIND_PREFLIGHT)
        answer = application(path, method, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding"));
    struct MHD_Response *response =
        answer.streams ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, NULL, NULL)
                       : MHD_create_response_from_buffer(strlen(answer.body), (void *)answer.body, MHD_RESPMEM_PERSISTENT);
    add_fields(response, answer.fields, &decision);
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

int main(int count, char **arguments) {
    size_t len;
    cors_error error;
    if (count != 3)
        return 2;
    char *image = read_file(arguments[1], &len);
    if (cors_policy_load(image, len, &policy, &error) != CORS_OK)
        return fprintf(stderr, "%s\n", error.message), 1;
    routes = cJSON_Parse(read_file(getenv("CONFORMANCE_ROUTES"), &len));
    if (routes == NULL)
        return fprintf(stderr, "CONFORMANCE_ROUTES is not JSON\n"), 1;
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2])),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
                                                 on_request, NULL, MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
    if (daemon == NULL)
        return perror("libmicrohttpd"), 1;
    for (;;) /* Until a signal. */
        pause();
}
