/*
 * The test application in C: libmicrohttpd, with libcors in front. It prints its address, and ends with its standard input.
 *
 * E2E_POLICIES is a folder of images, NAME.cors for the paths below /NAME; E2E_ANSWERS one of answers, KIND.http for
 * /NAME/KIND/...; E2E_LOG a file that gets a line for each request that reaches the application.
 */

#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <cors.h>
#include <dirent.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_FILES = 32, MAX_LINES = 64 };

/* The files of a folder, each after the NAME of NAME.ending. */
struct files {
    struct file {
        char *name, *data;
        size_t len;
        cors_policy policy;
    } list[MAX_FILES];
    size_t count;
};

static struct files policies, answers;
static FILE *request_log;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static char *read_file(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail(path);
    *len = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*len + 1);
    if (data == NULL || fread(data, 1, *len, file) != *len)
        fail(path);
    data[*len] = '\0';
    fclose(file);
    return data;
}

static void read_files(struct files *files, const char *variable) {
    const char *folder = getenv(variable);
    DIR *directory = folder != NULL ? opendir(folder) : NULL;
    if (directory == NULL)
        fail(variable);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL && files->count < MAX_FILES;) {
        char path[4096], *dot = strchr(entry->d_name, '.');
        if (dot == NULL || dot == entry->d_name)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct file *file = &files->list[files->count++];
        file->data = read_file(path, &file->len);
        file->name = strndup(entry->d_name, (size_t)(dot - entry->d_name));
    }
    closedir(directory);
}

/* The file of the path's segment of this number, or NULL. */
static struct file *find(struct files *files, const char *path, int segment) {
    for (; segment > 0 && path != NULL; segment--)
        path = strchr(path + 1, '/');
    for (size_t i = 0; path != NULL && i < files->count; i++) {
        size_t len = strlen(files->list[i].name);
        if (strncmp(path + 1, files->list[i].name, len) == 0 && path[1 + len] == '/')
            return &files->list[i];
    }
    return NULL;
}

/* The lines that have to do with CORS. */
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
    if (name_text == NULL || value_text == NULL || MHD_add_response_header(response, name_text, value_text) != MHD_YES)
        fail("a field");
    free(name_text);
    free(value_text);
}

/* The answer in the file: a status line, field lines, an empty line, the body. Under a policy without Access-Control fields. */
static struct MHD_Response *read_answer(const struct file *file, bool has_policy, unsigned *status) {
    const char *body = strstr(file->data, "\n\n") + 2;
    size_t len = file->len - (size_t)(body - file->data);
    struct MHD_Response *response = MHD_create_response_from_buffer(len, (void *)body, MHD_RESPMEM_PERSISTENT);
    *status = (unsigned)atoi(file->data);
    for (const char *line = strchr(file->data, '\n') + 1; line < body - 1;) {
        const char *colon = strstr(line, ": "), *end = strchr(line, '\n');
        if (!has_policy || strncasecmp(line, "access-control-", 15) != 0)
            add_field(response, (cors_string){line, (size_t)(colon - line)},
                      (cors_string){colon + 2, (size_t)(end - colon - 2)});
        line = end + 1;
    }
    return response;
}

static struct MHD_Response *application(const char *method, const char *path, const char *to, bool has_policy,
                                        unsigned *status) {
    fprintf(request_log, "%s %s%s%s\n", method, path, to != NULL ? "?to=" : "", to != NULL ? to : "");
    fflush(request_log);
    const struct file *file = find(&answers, path, 1);
    if (file == NULL) { /* What C has for a crash that a server survives. */
        *status = 500;
        return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *response = read_answer(file, has_policy, status);
    if (to != NULL)
        add_field(response, (cors_string)CORS_STRING("location"), (cors_string){to, strlen(to)});
    return response;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *body, size_t *body_len, void **state) {
    (void)context, (void)version, (void)body;
    if (*state == NULL || *body_len > 0) { /* There is more to come. */
        *state = &policies;
        *body_len = 0;
        return MHD_YES;
    }
    const struct file *policy = find(&policies, path, 0);
    cors_decision decision = {.field_count = 0};
    if (policy != NULL) {
        struct lines lines = {.count = 0};
        MHD_get_connection_values_n(connection, MHD_HEADER_KIND, add_line, &lines);
        cors_request request = CORS_REQUEST_INIT;
        request.method = (cors_string){method, strlen(method)};
        request.headers = lines.list;
        request.header_count = lines.count;
        if (lines.count == MAX_LINES || cors_evaluate(&policy->policy, &request, &decision) != CORS_OK)
            return MHD_NO; /* No browser's: the connection is closed. */
    }
    unsigned status = decision.status;
    struct MHD_Response *response =
        policy != NULL && decision.kind == CORS_KIND_PREFLIGHT
            ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
            : application(method, path, MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "to"),
                          policy != NULL, &status);
    for (size_t i = 0; i < decision.field_count; i++)
        add_field(response, decision.fields[i].name, decision.fields[i].value);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

int main(void) {
    read_files(&policies, "E2E_POLICIES");
    read_files(&answers, "E2E_ANSWERS");
    for (size_t i = 0; i < policies.count; i++) {
        struct file *file = &policies.list[i];
        cors_error error;
        if (cors_policy_load(file->data, file->len, &file->policy, &error) != CORS_OK)
            return fprintf(stderr, "%s: %s\n", file->name, error.message), 1;
    }
    const char *path = getenv("E2E_LOG");
    request_log = path != NULL ? fopen(path, "a") : NULL;
    if (request_log == NULL)
        fail("E2E_LOG");
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, NULL,
                                                 MHD_OPTION_SOCK_ADDR, &loopback, MHD_OPTION_END);
    if (daemon == NULL)
        fail("libmicrohttpd");
    printf("http://127.0.0.1:%d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    MHD_stop_daemon(daemon);
}
