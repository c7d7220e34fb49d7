/*
 * browser-cases.json through cors_explain: it predicts the requests that browsers sent; and if a policy would give the very
 * responses of the case, it predicts the result, too.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "support.h"

static const struct {
    const char *name;
    cors_engine engine;
} engines[] = {{"chromium", CORS_ENGINE_CHROMIUM}, {"firefox", CORS_ENGINE_FIREFOX}, {"webkit", CORS_ENGINE_WEBKIT}};

/* The case's fetch. Console messages have the word URL for the address. */
static cors_fetch fetch_of(const cJSON *vector) {
    const cJSON *each, *lines = list_of(vector, "headers");
    cors_header *headers = room((size_t)cJSON_GetArraySize(lines) * sizeof *headers);
    cors_fetch fetch = CORS_FETCH_INIT;
    fetch.origin = keep_text(text_of(vector, "origin"));
    fetch.url = keep_text("URL");
    fetch.method = keep_text(text_of(vector, "method"));
    fetch.headers = headers;
    fetch.credentials = strcmp(text_of(vector, "credentials"), "include") == 0;
    fetch.xml_http_request = strcmp(text_of(vector, "api"), "xhr") == 0;
    fetch.has_body = boolean_or(vector, "has_body", false);
    cJSON_ArrayForEach(each, lines) {
        headers[fetch.header_count].name = keep_text(cJSON_GetArrayItem(each, 0)->valuestring);
        headers[fetch.header_count++].value = keep_text(cJSON_GetArrayItem(each, 1)->valuestring);
    }
    return fetch;
}

/* The explanation, in as much room as it needs and no more. */
static const char *explain(const cors_policy *policy, const cors_fetch *fetch, cors_engine engine) {
    size_t needed = 0, again = 0;
    cors_error error;
    check_numbers(CORS_ERROR_BUFFER, cors_explain(policy, fetch, engine, NULL, 0, &needed, &error), "explained");
    check_numbers((long long)needed, (long long)error.needed, "what is needed");
    char *text = room(needed);
    check_numbers(CORS_OK, cors_explain(policy, fetch, engine, text, needed, &again, &error), "explained");
    check_numbers((long long)needed, (long long)again, "what was needed");
    check_numbers((long long)needed, (long long)strlen(text) + 1, "its length");
    return text;
}

/* Returns the rest of the line that begins with this text; NULL if there is no such line. */
static const char *line(const char *text, const char *start) {
    for (; text != NULL; text = strchr(text, '\n') == NULL ? NULL : strchr(text, '\n') + 1)
        if (strncmp(text, start, strlen(start)) == 0) {
            const char *rest = text + strlen(start);
            size_t len = strcspn(rest, "\n");
            char *copy = room(len + 1);
            memcpy(copy, rest, len);
            copy[len] = '\0';
            return copy;
        }
    return NULL;
}

static const char *text_or_null(const cJSON *object, const char *name) {
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(found) ? found->valuestring : NULL;
}

/* The first thing that reached the server. */
static void check_first_request(const char *text, const cJSON *request, const char *name) {
    const char *asked = line(text, "the browser asks: "), *sent = line(text, "the browser sends the request: ");
    const char *method = text_or_null(request, "request_method"), *headers = text_or_null(request, "request_headers");
    char expected[4096] = "(nothing)";
    if (method != NULL)
        snprintf(expected, sizeof expected, "OPTIONS, access-control-request-method: %s%s%s", method,
                 headers ? ", access-control-request-headers: " : "", headers ? headers : "");
    else if (request != NULL)
        snprintf(expected, sizeof expected, "%s, origin: %s", text_of(request, "method"), text_of(request, "origin"));
    const char *got = asked ? asked : sent ? sent : "(nothing)";
    const char *cookies = strstr(got, ", with the server's cookies");
    size_t len = cookies ? (size_t)(cookies - got) : strlen(got);
    check_strings(keep_text(expected), keep(got, len), "%s: what it sends", name);
}

static bool is_cors_field(const char *name) {
    return strncasecmp(name, "access-control-", 15) == 0;
}

/* Returns true if the decision's fields are just the CORS fields of the response. */
static bool gives(const cors_decision *decision, const cJSON *response) {
    const cJSON *each, *headers = list_of(response, "headers");
    uint32_t found = 0, expected = 0;
    for (uint32_t i = 0; i < decision->field_count; i++)
        expected += !is_text(decision->fields[i].name, "vary");
    cJSON_ArrayForEach(each, headers) {
        const char *name = cJSON_GetArrayItem(each, 0)->valuestring, *value = cJSON_GetArrayItem(each, 1)->valuestring;
        bool is_given = false;
        if (!is_cors_field(name))
            continue;
        for (uint32_t i = 0; i < decision->field_count; i++) {
            const cors_field *field = &decision->fields[i];
            is_given |= field->name.len == strlen(name) && strncasecmp(name, field->name.data, field->name.len) == 0 &&
                        is_text(field->value, value);
        }
        if (!is_given)
            return false;
        found++;
    }
    return found == expected;
}

/* The names of a list, each an entry. */
static void read_names(const char *value, const cors_string **strings, size_t *count) {
    cors_string *names = room((strlen(value) + 1) * sizeof *names);
    *strings = names;
    *count = 0;
    for (const char *at = value; *at != '\0'; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
        const char *from = at + strspn(at, " ");
        names[(*count)++] = keep(from, strcspn(from, ", "));
    }
}

/* The config that would give these fields. */
static void read_response(const cJSON *response, cors_config *config) {
    const cJSON *each, *headers = list_of(response, "headers");
    cJSON_ArrayForEach(each, headers) {
        const char *name = cJSON_GetArrayItem(each, 0)->valuestring, *value = cJSON_GetArrayItem(each, 1)->valuestring;
        if (strcasecmp(name, "access-control-allow-origin") == 0)
            read_names(value, &config->allow_origins, &config->allow_origin_count);
        else if (strcasecmp(name, "access-control-allow-methods") == 0)
            read_names(value, &config->allow_methods, &config->allow_method_count);
        else if (strcasecmp(name, "access-control-allow-headers") == 0)
            read_names(value, &config->allow_headers, &config->allow_header_count);
        else if (strcasecmp(name, "access-control-expose-headers") == 0)
            read_names(value, &config->expose_headers, &config->expose_header_count);
        else if (strcasecmp(name, "access-control-allow-credentials") == 0)
            config->allow_credentials = true;
        else if (strcasecmp(name, "access-control-max-age") == 0)
            config->max_age = strtol(value, NULL, 10);
    }
}

/* The decision of a request that a browser sent. */
static cors_decision decide(const cors_policy *policy, const cJSON *sent) {
    static const struct {
        const char *member, *name;
    } fields[] = {{"origin", "Origin"},
                  {"request_method", "Access-Control-Request-Method"},
                  {"request_headers", "Access-Control-Request-Headers"}};
    cors_request request = CORS_REQUEST_INIT;
    cors_header headers[3];
    cors_decision decision;
    request.method = keep_text(text_of(sent, "method"));
    request.headers = headers;
    for (size_t i = 0; i < 3; i++)
        if (text_or_null(sent, fields[i].member) != NULL) {
            headers[request.header_count].name = keep_text(fields[i].name);
            headers[request.header_count++].value = keep_text(text_or_null(sent, fields[i].member));
        }
    check_numbers(CORS_OK, cors_evaluate(policy, &request, &decision), "evaluated");
    return decision;
}

/* Returns true if some policy gives the responses of the case to this engine's requests. */
static bool find_policy(const cJSON *vector, const cJSON *requests, cors_policy *policy) {
    const cJSON *preflight_response = member(vector, "preflight_response"), *response = member(vector, "response");
    const cJSON *sent, *status = member(preflight_response, "status");
    cors_config config = CORS_CONFIG_INIT;
    size_t size;
    /* An explanation takes the application's response for a 200. */
    if (cJSON_GetArraySize(requests) == 0 || member(response, "status")->valueint != 200)
        return false;
    read_response(preflight_response, &config);
    read_response(response, &config);
    config.preflight_status = (uint16_t)status->valueint;
    config.accept_risks = CORS_RISK_NULL_ORIGIN | CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS | CORS_RISK_INSECURE_ORIGIN;
    if (cors_config_check(&config, NULL, NULL, NULL) != CORS_OK)
        return false;
    check_numbers(CORS_OK, cors_policy_size(&config, &size, NULL), "its size");
    check_numbers(CORS_OK, cors_policy_compile(&config, room(size), size, policy, NULL), "compiled");
    cJSON_ArrayForEach(sent, requests) {
        const cors_decision decision = decide(policy, sent);
        bool is_preflight = decision.kind == CORS_KIND_PREFLIGHT;
        if (!gives(&decision, is_preflight ? preflight_response : response))
            return false;
        if (is_preflight && decision.status != status->valueint)
            return false;
    }
    /* Where the preflight failed there was no second request, whose answer does not matter. */
    return true;
}

static void check_outcome(const char *text, const cJSON *observed, const char *id, const char *name) {
    const char *outcome = list_of(observed, "outcome")->child->valuestring;
    const cJSON *message, *messages = cJSON_GetObjectItemCaseSensitive(observed, "messages");
    bool is_ok = strncmp(outcome, "ok ", 3) == 0;
    check_numbers(is_ok, line(text, "the page reads the status") != NULL, "%s: %s: the page gets the response", id, name);
    check_numbers(!is_ok, line(text, "the page gets ") != NULL, "%s: %s: the page gets an error", id, name);
    const char *rest = strstr(text, "\nconsole: ");
    cJSON_ArrayForEach(message, messages) {
        /* Firefox's have a key, which its console does not show. */
        const char *expected = strchr(message->valuestring, '|');
        expected = expected ? expected + 1 : message->valuestring;
        const char *got = rest ? rest + strlen("\nconsole: ") : "";
        check_strings(keep_text(expected), keep(got, strcspn(got, "\n")), "%s: %s: the console", id, name);
        rest = rest ? strstr(rest + 1, "\nconsole: ") : NULL;
    }
    if (messages != NULL)
        check_numbers(true, rest == NULL, "%s: %s: no further message", id, name);
}

void run_browser_cases(void) {
    static const char *const names[] = {"id",      "api",    "origin", "method",   "credentials", "headers", "has_body",
                                        "observed", "repeat", "preflight_response", "response",   NULL};
    static const char *const seen[] = {"outcome", "requests", "error", "messages", NULL};
    const cors_config nothing = CORS_CONFIG_INIT;
    static unsigned char storage[256];
    cors_policy deny_all, policy;
    cJSON *vectors = load("browser-cases.json"), *vector;
    int fetches = 0, outcomes = 0;
    check_numbers(CORS_OK, cors_policy_compile(&nothing, storage, sizeof storage, &deny_all, NULL), "compiled");
    cJSON_ArrayForEach(vector, vectors) {
        only(vector, names);
        const char *id = text_of(vector, "id");
        place.rule = id;
        for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
            const cJSON *observed = cJSON_GetObjectItemCaseSensitive(member(vector, "observed"), engines[i].name);
            if (observed == NULL)
                continue; /* Not every engine was seen in every case. */
            only(observed, seen);
            const cors_fetch fetch = fetch_of(vector);
            const cJSON *requests = list_of(observed, "requests");
            check_first_request(explain(&deny_all, &fetch, engines[i].engine), requests->child, engines[i].name);
            fetches++;
            if (cJSON_GetArraySize(list_of(observed, "outcome")) == 1 && find_policy(vector, requests, &policy)) {
                check_outcome(explain(&policy, &fetch, engines[i].engine), observed, id, engines[i].name);
                outcomes++;
            }
        }
        forget();
        place.index++;
    }
    printf("browser cases: %d cases, %d fetches, of which a policy gives the responses of %d\n", place.index, fetches, outcomes);
    if (outcomes == 0)
        die("no policy gives the responses of any case");
    cJSON_Delete(vectors);
}
