/*
 * An API with CORS: libmicrohttpd. Preflights are answered before everything else; every other response, errors among
 * them, gets the decision's fields.
 *
 *     cc server.c $(pkg-config --cflags --libs cors libmicrohttpd) -o server && ./server
 */

#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <cors.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The lines that have to do with CORS: of a browser four at most. */
struct lines {
    cors_header list[64];
    size_t count;
};

static enum MHD_Result add_line(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                const char *value, size_t value_len) {
    struct lines *lines = context;
    (void)kind;
    if (strcasecmp(name, "origin") == 0 || strncasecmp(name, "access-control-request-", 23) == 0)
        lines->list[lines->count++] = (cors_header){{name, name_len}, {value, value_len}};
    return lines->count < 64 ? MHD_YES : MHD_NO;
}

/* libmicrohttpd takes strings with a NUL at the end. There are no fields of the application's to replace. */
static void add_field(struct MHD_Response *response, const cors_field *field) {
    char *name = strndup(field->name.data, field->name.len), *value = strndup(field->value.data, field->value.len);
    if (name != NULL && value != NULL)
        MHD_add_response_header(response, name, value);
    free(name);
    free(value);
}

static enum MHD_Result on_request(void *policy, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_len, void **state) {
    (void)version, (void)body;
    if (*state == NULL || *body_len > 0) { /* There is more to come. */
        *state = policy;
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
    if (lines.count == 64 || cors_evaluate(policy, &request, &decision) != CORS_OK)
        return MHD_NO; /* No browser's: the connection is closed. */

    unsigned status = strcmp(url, "/orders") == 0 ? 200 : 404;
    const char *text = status == 200 ? "[1, 2, 3]\n" : "not found\n";
    if (decision.kind == CORS_KIND_PREFLIGHT) {
        status = decision.status;
        text = "";
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT);
    for (size_t i = 0; i < decision.field_count; i++)
        add_field(response, &decision.fields[i]);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

int main(void) {
    static const cors_string origins[] = {CORS_STRING("https://app.example.com"), CORS_STRING("https://*.example.org")};
    static const cors_string methods[] = {CORS_STRING("PUT")}, headers[] = {CORS_STRING("content-type")};
    static unsigned char image[512]; /* The policy's bytes, which all threads share. */
    cors_config config = CORS_CONFIG_INIT;
    config.allow_origins = origins, config.allow_origin_count = 2;
    config.allow_methods = methods, config.allow_method_count = 1;
    config.allow_headers = headers, config.allow_header_count = 1;
    config.allow_credentials = true;
    config.max_age = 7200;
    cors_policy policy;
    cors_error error;
    if (cors_policy_compile(&config, image, sizeof image, &policy, &error) != CORS_OK)
        return fprintf(stderr, "%s\n", error.message), 1;

    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, &policy,
                                                 MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    printf("http://127.0.0.1:%d/orders\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    MHD_stop_daemon(daemon);
}
