/* Runs tests/vectors through cors.h, as every language does. CORS_VECTORS names another folder to read. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* Evaluates a request of one Origin field. */
static cors_decision ask(const cors_policy *policy, cors_string origin) {
    const cors_header header = {CORS_STRING("Origin"), origin};
    cors_request request = CORS_REQUEST_INIT;
    cors_decision decision;
    request.method = (cors_string)CORS_STRING("GET");
    request.headers = &header;
    request.header_count = 1;
    check_numbers(CORS_OK, cors_evaluate(policy, &request, &decision), "evaluated");
    return decision;
}

/* A policy that allows what this pattern does, with credentials: `*` without them does not look at the origin. */
static cors_config config_of_pattern(const cors_string *pattern) {
    cors_config config = CORS_CONFIG_INIT;
    config.allow_origins = pattern;
    config.allow_origin_count = 1;
    config.allow_credentials = true;
    config.accept_risks = CORS_RISK_NULL_ORIGIN | CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS | CORS_RISK_INSECURE_ORIGIN |
                          CORS_RISK_PUBLIC_SUFFIX | CORS_RISK_LOCAL_FILE_ORIGIN;
    return config;
}

/* The origin that the parts of a vector make. */
static cors_string joined(const cJSON *vector) {
    cors_string scheme = value(member(vector, "scheme")), host = value(member(vector, "host"));
    double port = number_or_null(vector, "port");
    char number[8] = "";
    if (port >= 0)
        snprintf(number, sizeof number, ":%d", (int)port);
    size_t len = scheme.len + 3 + host.len + strlen(number);
    char *text = room(len + 1);
    snprintf(text, len + 1, "%.*s://%.*s%s", (int)scheme.len, scheme.data, (int)host.len, host.data, number);
    return (cors_string){text, len};
}

/* C has no parser of origins. A policy that allows any origin denies texts that are not origins, and echoes the others. */
void run_origins(void) {
    static const char *const names[] = {"rule", "origin", "scheme", "host", "port", "opaque", "error", NULL};
    static const cors_string any = CORS_STRING("*");
    static unsigned char storage[256];
    const cors_config config = config_of_pattern(&any);
    cors_policy policy;
    cJSON *vectors = load("origins.json"), *vector;
    check_numbers(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &policy, NULL), "compiled");
    cJSON_ArrayForEach(vector, vectors) {
        only(vector, names);
        place.rule = text_of(vector, "rule");
        cors_string origin = value(member(vector, "origin"));
        bool is_origin = cJSON_GetObjectItemCaseSensitive(vector, "error") == NULL;
        cors_decision decision = ask(&policy, origin);
        check_numbers(is_origin ? CORS_DENIAL_NONE : CORS_DENIAL_MALFORMED_ORIGIN, decision.denial, "%.*s",
                      (int)origin.len, origin.data);
        check_numbers(is_origin, cors_policy_allows_origin(&policy, origin), "%.*s allowed", (int)origin.len, origin.data);
        if (is_origin) {
            check_strings(origin, decision.fields[0].value, "echoed");
            cors_string parts = boolean_or(vector, "opaque", false) ? keep_text("null") : joined(vector);
            check_strings(parts, origin, "its parts");
        }
        forget();
        place.index++;
    }
    printf("origins: %d cases\n", place.index);
    cJSON_Delete(vectors);
}

/* Returns the reason in a pattern's message: it stands after the pattern in quotes, before the advice. */
static cors_string reason_of(const cors_error *error, const char *advice) {
    static const char quote[] = "\": ";
    size_t len = error->message_len;
    const char *from = error->message;
    for (const char *found = from; (found = strstr(found, quote)) != NULL;)
        from = found += sizeof quote - 1;
    if (advice != NULL) {
        size_t tail = strlen(advice) + 2;
        cors_string expected = keep_text(advice), end = {error->message + len - (tail - 2), tail - 2};
        if (len < tail || memcmp(error->message + len - tail, "; ", 2) != 0)
            die("no advice: %s", error->message);
        check_strings(expected, end, "its advice");
        len -= tail;
    }
    return keep(from, len - (size_t)(from - error->message));
}

/* Checks that each kind of error has a reason of its own, so that the reason identifies the kind. */
static void check_reason(const char *kind, cors_string reason) {
    static struct known {
        char kind[64];
        char reason[256];
    } known[32];
    for (struct known *each = known; each < known + 32; each++) {
        bool is_kind = strcmp(each->kind, kind) == 0, is_reason = is_text(reason, each->reason);
        if (each->kind[0] == '\0') {
            snprintf(each->kind, sizeof each->kind, "%s", kind);
            snprintf(each->reason, sizeof each->reason, "%.*s", (int)reason.len, reason.data);
            return;
        }
        if (is_kind || is_reason) {
            check_strings(keep_text(each->reason), reason, "the reason of %s", kind);
            check_strings(keep_text(each->kind), keep_text(kind), "what has the reason %s", each->reason);
            return;
        }
    }
    die("more kinds of errors than there is room for");
}

static void run_refused_pattern(const cJSON *vector, cors_string pattern) {
    const cors_config config = config_of_pattern(&pattern);
    const char *kind = text_of(vector, "error");
    const cJSON *advice = member(vector, "advice");
    cors_error error;
    check_numbers(CORS_ERROR_CONFIG, cors_config_check(&config, NULL, NULL, &error), "%.*s", (int)pattern.len, pattern.data);
    check_numbers(CORS_FIELD_ALLOW_ORIGINS, error.field, "%s: its field", kind);
    check_numbers(0, (long long)error.index, "%s: its index", kind);
    if (error.message_len >= CORS_MESSAGE_SIZE)
        return; /* The message has no room for the whole pattern. */
    check_reason(kind, reason_of(&error, cJSON_IsNull(advice) ? NULL : advice->valuestring));

    /* A pattern that was written by the advice must not be refused again. */
    if (!cJSON_IsNull(advice) && strncmp(advice->valuestring, "write ", 6) == 0 && strchr(advice->valuestring + 6, ' ') == NULL) {
        cors_string replacement = keep_text(advice->valuestring + 6);
        const cors_config second = config_of_pattern(&replacement);
        check_numbers(CORS_OK, cors_config_check(&second, NULL, NULL, NULL), "%s, as advised", replacement.data);
    }
}

static int run_accepted_pattern(const cJSON *vector, cors_string pattern, const cors_policy *any) {
    static const char *const sides[] = {"rejects", "matches"};
    const cors_config config = config_of_pattern(&pattern);
    cors_policy policy;
    int tried = 0;
    if (!compile(&config, "pattern", &policy))
        return 0;
    for (int matches = 0; matches < 2; matches++) {
        const cJSON *each, *list = list_of(vector, sides[matches]);
        if (cJSON_GetArraySize(list) == 0)
            die("tried on one side only");
        cJSON_ArrayForEach(each, list) {
            cors_string origin = value(each);
            int denial = !matches && cors_policy_allows_origin(any, origin) ? CORS_DENIAL_ORIGIN_NOT_ALLOWED
                         : !matches                                         ? CORS_DENIAL_MALFORMED_ORIGIN
                                                                            : CORS_DENIAL_NONE;
            check_numbers(denial, ask(&policy, origin).denial, "%.*s, %.*s", (int)pattern.len, pattern.data, (int)origin.len,
                          origin.data);
            check_numbers(matches, cors_policy_allows_origin(&policy, origin), "%.*s, %.*s", (int)pattern.len, pattern.data,
                          (int)origin.len, origin.data);
            tried++;
        }
    }
    return tried;
}

void run_patterns(void) {
    static const char *const names[] = {"rule", "pattern", "matches", "rejects", "error", "advice", NULL};
    static const cors_string star = CORS_STRING("*");
    static unsigned char storage[256];
    const cors_config config = config_of_pattern(&star);
    cors_policy any;
    cJSON *vectors = load("patterns.json"), *vector;
    int tried = 0;
    check_numbers(CORS_OK, cors_policy_compile(&config, storage, sizeof storage, &any, NULL), "compiled");
    cJSON_ArrayForEach(vector, vectors) {
        only(vector, names);
        place.rule = text_of(vector, "rule");
        cors_string pattern = value(member(vector, "pattern"));
        if (cJSON_GetObjectItemCaseSensitive(vector, "error") != NULL)
            run_refused_pattern(vector, pattern);
        else
            tried += run_accepted_pattern(vector, pattern, &any);
        forget();
        place.index++;
    }
    printf("patterns: %d cases, %d origins tried\n", place.index, tried);
    cJSON_Delete(vectors);
}

/* The problems that are still to be reported. */
struct expected {
    const cJSON *next;
    int count;
};

static void check_problem(const cJSON *expected, const cors_error *got) {
    static const char *const names[] = {"field", "index", "problem", "message", NULL};
    const char *problem = text_of(expected, "problem");
    double index = number_or_null(expected, "index");
    const cJSON *written = cJSON_GetObjectItemCaseSensitive(expected, "message");
    char risk[64];
    only(expected, names);
    cors_string risk_name = cors_risk_name(got->risk);
    snprintf(risk, sizeof risk, "Risk(%.*s)", (int)risk_name.len, risk_name.data);
    check_numbers(CORS_ERROR_CONFIG, got->code, "%s: code", problem);
    check_strings(keep_text(text_of(expected, "field")), cors_field_name(got->field), "%s: field", problem);
    check_numbers(index < 0 ? -1 : (long long)index, got->index == CORS_INDEX_NONE ? -1 : (long long)got->index, "%s: index",
                  problem);
    if (strncmp(problem, "Risk(", 5) == 0)
        check_strings(keep_text(problem), keep_text(risk), "risk");
    else
        check_numbers(0, got->risk, "%s: no risk", problem);
    if (written == NULL)
        return;
    cors_string message = value(written);
    check_numbers((long long)message.len, (long long)got->message_len, "%s: length of %s", problem, got->message);
    /* A long message is cut to its beginning, after a whole character. */
    size_t len = strlen(got->message);
    check_numbers(message.len < CORS_MESSAGE_SIZE || len > CORS_MESSAGE_SIZE - 5, true, "%s: as much as there is room for", problem);
    if (message.len >= CORS_MESSAGE_SIZE)
        message.len = len;
    check_strings(message, (cors_string){got->message, len}, "%s: message", problem);
}

static void on_problem(void *context, const cors_error *problem) {
    struct expected *expected = context;
    if (expected->next == NULL) {
        check_strings(keep_text("no further problem"), keep_text(problem->message), "reported");
        return;
    }
    check_problem(expected->next, problem);
    expected->next = expected->next->next;
    expected->count++;
}

void run_configs(void) {
    static const char *const names[] = {"rule", "name", "config", "problems", NULL};
    cJSON *vectors = load("configs.json"), *vector;
    int problems = 0;
    cJSON_ArrayForEach(vector, vectors) {
        only(vector, names);
        place.rule = text_of(vector, "rule");
        const char *name = text_of(vector, "name");
        const cJSON *listed = list_of(vector, "problems");
        const cors_config config = config_of(member(vector, "config"));
        struct expected expected = {listed->child, 0};
        cors_error error;
        cors_policy policy;
        cors_code code = cors_config_check(&config, on_problem, &expected, &error);
        check_numbers(cJSON_GetArraySize(listed), expected.count, "%s: problems", name);
        check_numbers(listed->child == NULL ? CORS_OK : CORS_ERROR_CONFIG, code, "%s", name);
        if (listed->child == NULL) {
            compile(&config, name, &policy);
        } else {
            check_problem(listed->child, &error);
            /* C7: it stops at the first. */
            void *storage = room(4096);
            check_numbers(CORS_ERROR_CONFIG, cors_policy_compile(&config, storage, 4096, &policy, &error), "%s: compiled", name);
            check_problem(listed->child, &error);
            check_numbers(CORS_ERROR_CONFIG, cors_policy_compile(&config, NULL, 0, &policy, &error), "%s: without room", name);
        }
        problems += expected.count;
        forget();
        place.index++;
    }
    printf("configs: %d cases, %d problems\n", place.index, problems);
    cJSON_Delete(vectors);
}

static void run_request(const cors_policy *policy, const cJSON *vector, const char *name) {
    static const char *const names[] = {"method", "headers", "kind", "verdict", "status", "fields", NULL};
    static const char *const kinds[] = {"not-cors", "actual", "preflight"};
    static const char *const ops[] = {"replace", "append"};
    const cJSON *each, *lines = list_of(vector, "headers"), *fields = list_of(vector, "fields");
    cors_request request = CORS_REQUEST_INIT;
    cors_header *headers = room((size_t)cJSON_GetArraySize(lines) * sizeof *headers);
    cors_decision decision;
    only(vector, names);
    request.method = value(member(vector, "method"));
    request.headers = headers;
    cJSON_ArrayForEach(each, lines) {
        headers[request.header_count].name = keep_text(cJSON_GetArrayItem(each, 0)->valuestring);
        headers[request.header_count++].value = value(cJSON_GetArrayItem(each, 1));
    }
    check_numbers(CORS_OK, cors_evaluate(policy, &request, &decision), "%s", name);
    check_strings(keep_text(text_of(vector, "kind")), keep_text(kinds[decision.kind]), "%s: kind", name);
    cors_string verdict = decision.denial == CORS_DENIAL_NONE ? keep_text("allowed") : cors_denial_name(decision.denial);
    check_strings(keep_text(text_of(vector, "verdict")), verdict, "%s: verdict", name);
    double status = number_or_null(vector, "status");
    check_numbers(status < 0 ? 0 : (long long)status, decision.status, "%s: status", name);
    check_numbers(cJSON_GetArraySize(fields), decision.field_count, "%s: fields", name);
    uint32_t index = 0;
    cJSON_ArrayForEach(each, fields) {
        if (index >= decision.field_count)
            break;
        const cors_field *field = &decision.fields[index++];
        check_strings(keep_text(cJSON_GetArrayItem(each, 0)->valuestring), field->name, "%s: name of a field", name);
        check_strings(value(cJSON_GetArrayItem(each, 1)), field->value, "%s: %.*s", name, (int)field->name.len, field->name.data);
        check_strings(keep_text(cJSON_GetArrayItem(each, 2)->valuestring), keep_text(ops[field->op]), "%s: op", name);
    }
}

/* A policy that the library refuses, with the list that it has. */
static int run_refused(const cJSON *vector, const char *name) {
    const cJSON *listed = list_of(vector, "problems");
    cors_config config = config_of(member(vector, "policy"));
    struct expected expected = {listed->child, 0};
    cors_error error;
    cors_policy policy;
    void *storage = room(4096);
    config.is_public_suffix = NULL;
    if (listed->child == NULL)
        die("no problem");
    check_numbers(CORS_ERROR_CONFIG, cors_config_check(&config, on_problem, &expected, &error), "%s", name);
    check_numbers(cJSON_GetArraySize(listed), expected.count, "%s: problems", name);
    check_numbers(CORS_ERROR_CONFIG, cors_policy_compile(&config, storage, 4096, &policy, &error), "%s: compiled", name);
    check_problem(listed->child, &error);
    return expected.count;
}

void run_decisions(const char *file) {
    static const char *const decided[] = {"rule", "name", "policy", "requests", NULL};
    static const char *const refused[] = {"rule", "name", "policy", "problems", NULL};
    cJSON *vectors = load(file), *vector;
    int requests = 0, problems = 0;
    cJSON_ArrayForEach(vector, vectors) {
        place.rule = text_of(vector, "rule");
        const char *name = text_of(vector, "name");
        if (cJSON_HasObjectItem(vector, "problems")) {
            only(vector, refused);
            problems += run_refused(vector, name);
            forget();
            place.index++;
            continue;
        }
        only(vector, decided);
        const cJSON *request, *list = list_of(vector, "requests");
        const cors_config config = config_of(member(vector, "policy"));
        cors_policy policy;
        if (list->child == NULL)
            die("no request");
        if (compile(&config, name, &policy)) {
            cJSON_ArrayForEach(request, list) {
                run_request(&policy, request, name);
                requests++;
            }
        }
        forget();
        place.index++;
    }
    printf("%s: %d policies, %d requests, %d problems\n", file, place.index, requests, problems);
    cJSON_Delete(vectors);
}

int main(void) {
    run_origins();
    run_patterns();
    run_configs();
    run_decisions("decisions.json");
    run_decisions("attacks.json");
    run_browser_cases();
    if (failures > 0)
        fprintf(stderr, "%d failures\n", failures);
    return failures > 0;
}
