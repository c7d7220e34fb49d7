/*
 * libcors: CORS, decided by compiled policies.
 *
 * A config says what should be allowed. cors_policy_compile() checks it strictly and compiles it into bytes that the
 * caller provides; cors_policy_load() takes such bytes from a file. cors_evaluate() says of a request what it is, whether
 * the policy allows it, and which header fields to send.
 *
 *     static const cors_string origins[] = {CORS_STRING("https://app.example.com")};
 *     cors_config config = CORS_CONFIG_INIT;
 *     config.allow_origins = origins;
 *     config.allow_origin_count = 1;
 *
 *     static unsigned char storage[512];
 *     cors_policy policy;
 *     cors_error error;
 *     if (cors_policy_compile(&config, storage, sizeof storage, &policy, &error) != CORS_OK)
 *         return fail(error.message);
 *
 *     const cors_header headers[] = {{CORS_STRING("Origin"), CORS_STRING("https://app.example.com")}};
 *     cors_request request = CORS_REQUEST_INIT;
 *     request.method = (cors_string)CORS_STRING("GET");
 *     request.headers = headers;
 *     request.header_count = 1;
 *
 *     cors_decision decision;
 *     if (cors_evaluate(&policy, &request, &decision) == CORS_OK)
 *         for (size_t i = 0; i < decision.field_count; i++)
 *             emit(&decision.fields[i]);
 *
 * Memory: nothing here allocates or frees. Every pointer is the caller's; a policy points into the bytes that it was made
 * in, and the fields of a decision into the policy and the request.
 *
 * Threads: nothing is shared but what the caller shares. Any number of threads may use the same policy at once.
 *
 * Errors: a function that can fail returns CORS_OK or a CORS_ERROR_ code, and tells it in a cors_error if it is given one.
 * A NULL pointer, a length without a pointer, a pointer that is not aligned for its type and a length that no object can
 * have are such errors. Pointers that lead elsewhere are not found out.
 *
 * Made by cbindgen from cors-ffi: change the comments there.
 */


#ifndef CORS_H
#define CORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string literal as a cors_string. */
#define CORS_STRING(literal) {"" literal, sizeof(literal) - 1}

/* Allows nothing: the start of every config. */
#define CORS_CONFIG_INIT \
    {sizeof(cors_config), NULL, 0, NULL, 0, NULL, 0, NULL, 0, CORS_MAX_AGE_NONE, 0, 204, false, false, NULL, NULL}

/* A request without a method and header fields. */
#define CORS_REQUEST_INIT {sizeof(cors_request), {NULL, 0}, NULL, 0}

/* A GET without an origin and an address. */
#define CORS_FETCH_INIT {sizeof(cors_fetch), {NULL, 0}, {NULL, 0}, {NULL, 0}, NULL, 0, false, false, false, false, false}

/* For max_age: the response says nothing of it, and browsers keep the answer for 5 seconds. */
#define CORS_MAX_AGE_NONE INT64_MAX

/* For index: it is about no entry of a list. */
#define CORS_INDEX_NONE SIZE_MAX


/**
 * `null` among the origins.
 */
#define CORS_RISK_NULL_ORIGIN 1

/**
 * `*` among the origins, with credentials: any origin is then echoed.
 */
#define CORS_RISK_ANY_ORIGIN_WITH_CREDENTIALS 2

/**
 * With credentials, an origin that is neither https nor on this machine.
 */
#define CORS_RISK_INSECURE_ORIGIN 4

/**
 * With credentials, a wildcard right under a public suffix.
 */
#define CORS_RISK_PUBLIC_SUFFIX 8



/**
 * The bytes of an error's message, the NUL after it among them.
 */
#define CORS_MESSAGE_SIZE 1024

/**
 * The most fields that a decision has.
 */
#define CORS_MAX_FIELDS 40

/**
 * The most headers of a `cors_fetch`.
 */
#define CORS_MAX_FETCH_HEADERS 128

/**
 * The first number of the version of the header, which is that of the soname.
 */
#define CORS_VERSION_MAJOR 0

/**
 * The second.
 */
#define CORS_VERSION_MINOR 1

/**
 * The third.
 */
#define CORS_VERSION_PATCH 0

/**
 * Bytes that somebody else owns: a pointer and a length. There need be no NUL after them, and there may be some among
 * them. `data` may be NULL if `len` is 0.
 */
typedef struct cors_string {
    /**
     * The first byte.
     */
    const char *data;
    /**
     * How many bytes.
     */
    size_t len;
} cors_string;

/**
 * Why a request is denied. The numbers are stable; new ones may come.
 */
typedef uint8_t cors_denial;

/**
 * What a function answers: `CORS_OK`, or why it did nothing. The numbers are stable.
 */
typedef int32_t cors_code;

/**
 * Which member of a config has a problem.
 */
typedef uint8_t cors_field_id;

/**
 * Tells whether a domain, such as `github.io`, is a public suffix, under which anyone can have a name. `context` is
 * that of the config.
 */
typedef bool (*cors_is_public_suffix)(void *context, const char *domain, size_t len);

/**
 * What a policy should allow. Begin with `CORS_CONFIG_INIT`, which allows nothing, and set what should be allowed.
 *
 * It borrows the caller's strings, which have to be UTF-8, for as long as a call lasts.
 */
typedef struct cors_config {
    /**
     * `sizeof(cors_config)`, as `CORS_CONFIG_INIT` sets it.
     */
    size_t size;
    /**
     * The origins whose pages may read responses: `https://app.example.com`; with a star for the first label, or for a
     * part of it (`https://pr-*.example.com`), or for the port (`https://example.com:*`); or `*` alone for any.
     */
    const struct cors_string *allow_origins;
    /**
     * How many.
     */
    size_t allow_origin_count;
    /**
     * The methods beside GET, HEAD and POST, which are always allowed; or `*` alone for any.
     */
    const struct cors_string *allow_methods;
    /**
     * How many.
     */
    size_t allow_method_count;
    /**
     * The request headers that pages may set beside the safelisted ones; or `*` for any.
     */
    const struct cors_string *allow_headers;
    /**
     * How many.
     */
    size_t allow_header_count;
    /**
     * The response headers that pages may read beside the safelisted ones; or `*` alone for any.
     */
    const struct cors_string *expose_headers;
    /**
     * How many.
     */
    size_t expose_header_count;
    /**
     * For how many seconds a browser may keep the answer to a preflight, at most 86400; `CORS_MAX_AGE_NONE` leaves the
     * field out.
     */
    int64_t max_age;
    /**
     * The dangerous settings that the operator knows of: `CORS_RISK_…`, joined with `|`. Each is refused until it is
     * named here.
     */
    uint32_t accept_risks;
    /**
     * The status of the answer to an allowed preflight, 200 to 299; 204 at first.
     */
    uint16_t preflight_status;
    /**
     * Whether pages may send cookies, client certificates and HTTP authentication.
     */
    bool allow_credentials;
    /**
     * Whether to answer `Access-Control-Request-Private-Network`, which browsers no longer send.
     */
    bool allow_private_network;
    /**
     * Asked of domains right of a wildcard if credentials are allowed. NULL: `CORS_RISK_PUBLIC_SUFFIX` is never seen.
     */
    cors_is_public_suffix is_public_suffix;
    /**
     * Handed to `is_public_suffix`.
     */
    void *context;
} cors_config;

/**
 * Why a function failed. The caller's, and written only if the code is not `CORS_OK`; wherever one is asked for, NULL is
 * taken, too. Its size does not change within a soname.
 */
typedef struct cors_error {
    /**
     * What the function returned.
     */
    cors_code code;
    /**
     * Which member of the config; `CORS_FIELD_NONE` if it is about something else.
     */
    cors_field_id field;
    /**
     * If a risk that the config does not accept is all that is wrong, its `CORS_RISK_…`; else 0.
     */
    uint32_t risk;
    /**
     * Which entry of the list, from 0; `CORS_INDEX_NONE` if it is about none.
     */
    size_t index;
    /**
     * Of `CORS_ERROR_BUFFER`: how many bytes it takes.
     */
    size_t needed;
    /**
     * The length of the whole message in bytes. If it is `CORS_MESSAGE_SIZE` or more, `message` has only its beginning.
     */
    size_t message_len;
    /**
     * What is wrong, and what to write instead, in UTF-8 with a NUL at the end.
     */
    char message[CORS_MESSAGE_SIZE];
} cors_error;

/**
 * A policy: the bytes of an image that `cors_policy_compile` wrote or `cors_policy_load` checked. It owns nothing: the
 * bytes have to stay where they are, unchanged, as long as the policy is used. Copy it and share it freely: any number
 * of threads may evaluate it at once.
 */
typedef struct cors_policy {
    /**
     * The first byte of the image.
     */
    const uint8_t *data;
    /**
     * How many bytes. They can be written to a file and loaded again, on any machine.
     */
    size_t len;
} cors_policy;

/**
 * Told of a problem. `context` is what was handed to `cors_config_check`; the error lasts until the function returns.
 */
typedef void (*cors_report)(void *context, const struct cors_error *problem);

/**
 * A header field line of a request, or a header that a page sets.
 */
typedef struct cors_header {
    /**
     * The name, in any case.
     */
    struct cors_string name;
    /**
     * The value, without the white space around it.
     */
    struct cors_string value;
} cors_header;

/**
 * What of a request the decision depends on. It borrows the server's own strings.
 */
typedef struct cors_request {
    /**
     * `sizeof(cors_request)`, as `CORS_REQUEST_INIT` sets it.
     */
    size_t size;
    /**
     * The method, as sent.
     */
    struct cors_string method;
    /**
     * The header field lines: all of them, or only Origin and Access-Control-Request-*, which alone are looked at. A
     * field that occurs twice has to be there twice.
     */
    const struct cors_header *headers;
    /**
     * How many.
     */
    size_t header_count;
} cors_request;

/**
 * What a request is.
 */
typedef uint8_t cors_kind;

/**
 * How a field meets one of the same name in the application's response.
 */
typedef uint8_t cors_op;

/**
 * A header field to send.
 */
typedef struct cors_field {
    /**
     * The name, in lower case. It lives for ever.
     */
    struct cors_string name;
    /**
     * The value. It lives as long as the policy and the request.
     */
    struct cors_string value;
    /**
     * `CORS_OP_REPLACE` or `CORS_OP_APPEND`.
     */
    cors_op op;
} cors_field;

/**
 * What a policy says of a request. Its size does not change within a soname, so that it can lie on the stack.
 */
typedef struct cors_decision {
    /**
     * `CORS_KIND_…`
     */
    cors_kind kind;
    /**
     * Why the request is denied, or `CORS_DENIAL_NONE`.
     */
    cors_denial denial;
    /**
     * The status to answer a preflight with, allowed or denied; 0 for other requests, whose status is the application's.
     */
    uint16_t status;
    /**
     * How many fields there are.
     */
    uint32_t field_count;
    /**
     * The fields to send, in this order; those after `field_count` are not written.
     */
    struct cors_field fields[CORS_MAX_FIELDS];
} cors_decision;

/**
 * A page's fetch, for `cors_explain`. Begin with `CORS_FETCH_INIT`.
 */
typedef struct cors_fetch {
    /**
     * `sizeof(cors_fetch)`, as `CORS_FETCH_INIT` sets it.
     */
    size_t size;
    /**
     * The page's origin, as a browser writes it.
     */
    struct cors_string origin;
    /**
     * The address that the page asks.
     */
    struct cors_string url;
    /**
     * The method; empty stands for GET.
     */
    struct cors_string method;
    /**
     * The headers that the page sets, at most `CORS_MAX_FETCH_HEADERS`.
     */
    const struct cors_header *headers;
    /**
     * How many.
     */
    size_t header_count;
    /**
     * The page sends credentials: `credentials: "include"`.
     */
    bool credentials;
    /**
     * The page uses `XMLHttpRequest`.
     */
    bool xml_http_request;
    /**
     * The request has a body.
     */
    bool has_body;
    /**
     * The body is a stream.
     */
    bool stream_body;
    /**
     * The page listens to the upload's progress.
     */
    bool upload_listener;
} cors_fetch;

/**
 * The Fetch standard, or an engine.
 */
typedef uint8_t cors_engine;

/**
 * Done.
 */
#define CORS_OK 0

/**
 * A pointer is NULL that must not be, is NULL with a length, or is not aligned for what it points to.
 */
#define CORS_ERROR_NULL 1

/**
 * The member `size` of a struct is none that this library knows: it was not set by its `_INIT` macro, or the program
 * was built with the header of a newer library, whose members this one would pass over.
 */
#define CORS_ERROR_SIZE 2

/**
 * A length or a count is beyond its limit, or no object can be as large.
 */
#define CORS_ERROR_LENGTH 3

/**
 * A text that has to be UTF-8 is not.
 */
#define CORS_ERROR_UTF8 4

/**
 * A number is none of those that its member can have.
 */
#define CORS_ERROR_VALUE 5

/**
 * The config has a problem: `field`, `index` and the message of the error say which.
 */
#define CORS_ERROR_CONFIG 6

/**
 * The buffer is too small: `needed` of the error says how many bytes it takes.
 */
#define CORS_ERROR_BUFFER 7

/**
 * The bytes are no image that this version reads, or one that is cut short or damaged.
 */
#define CORS_ERROR_IMAGE 8

/**
 * No table of these origins keeps its bounds: they were made to collide.
 */
#define CORS_ERROR_COLLISIONS 9

/**
 * None: the error is about something else.
 */
#define CORS_FIELD_NONE 0

/**
 * `allow_origins`
 */
#define CORS_FIELD_ALLOW_ORIGINS 1

/**
 * `allow_methods`
 */
#define CORS_FIELD_ALLOW_METHODS 2

/**
 * `allow_headers`
 */
#define CORS_FIELD_ALLOW_HEADERS 3

/**
 * `expose_headers`
 */
#define CORS_FIELD_EXPOSE_HEADERS 4

/**
 * `max_age`
 */
#define CORS_FIELD_MAX_AGE 5

/**
 * `preflight_status`
 */
#define CORS_FIELD_PREFLIGHT_STATUS 6

/**
 * It has no `Origin`: there is nothing to decide.
 */
#define CORS_KIND_NOT_CORS 0

/**
 * The application answers it, and the fields are added to the response, whatever its status.
 */
#define CORS_KIND_ACTUAL 1

/**
 * The decision is the answer: `status` and the fields, without a body. The application does not see the request.
 */
#define CORS_KIND_PREFLIGHT 2

/**
 * It is allowed.
 */
#define CORS_DENIAL_NONE 0

/**
 * The policy does not allow this origin.
 */
#define CORS_DENIAL_ORIGIN_NOT_ALLOWED 1

/**
 * The `Origin` field holds no serialized origin.
 */
#define CORS_DENIAL_MALFORMED_ORIGIN 2

/**
 * There is more than one `Origin` field.
 */
#define CORS_DENIAL_MULTIPLE_ORIGINS 3

/**
 * There is more than one `Access-Control-Request-Method` field.
 */
#define CORS_DENIAL_MULTIPLE_REQUEST_METHODS 4

/**
 * The policy does not allow this method.
 */
#define CORS_DENIAL_METHOD_NOT_ALLOWED 5

/**
 * The `Access-Control-Request-Method` field holds no method.
 */
#define CORS_DENIAL_MALFORMED_METHOD 6

/**
 * The policy does not allow one of these request headers.
 */
#define CORS_DENIAL_HEADER_NOT_ALLOWED 7

/**
 * The `Access-Control-Request-Headers` field is no list of header names.
 */
#define CORS_DENIAL_MALFORMED_HEADERS 8

/**
 * The `Access-Control-Request-Headers` field is too long.
 */
#define CORS_DENIAL_HEADERS_TOO_LONG 9

/**
 * It takes the place of every field of that name.
 */
#define CORS_OP_REPLACE 0

/**
 * It is added to the others.
 */
#define CORS_OP_APPEND 1

/**
 * The Fetch standard to the letter.
 */
#define CORS_ENGINE_STANDARD 0

/**
 * Chrome, Edge and others.
 */
#define CORS_ENGINE_CHROMIUM 1

/**
 * Firefox.
 */
#define CORS_ENGINE_FIREFOX 2

/**
 * Safari.
 */
#define CORS_ENGINE_WEBKIT 3

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library, such as `0.1.0`. It lives for ever, as all strings of this page do.
 */
struct cors_string cors_version(void);

/**
 * The name of a denial, for counters and logs: `OriginNotAllowed`. Empty for `CORS_DENIAL_NONE` and unknown numbers.
 */
struct cors_string cors_denial_name(cors_denial denial);

/**
 * A denial in a sentence. Empty for `CORS_DENIAL_NONE` and unknown numbers.
 */
struct cors_string cors_denial_message(cors_denial denial);

/**
 * A code in a sentence. Empty for unknown numbers.
 */
struct cors_string cors_code_message(cors_code code);

/**
 * The name of a config's member: `allow_origins`. Empty for `CORS_FIELD_NONE` and unknown numbers.
 */
struct cors_string cors_field_name(cors_field_id field);

/**
 * The name of a `CORS_RISK_…`, as policy files spell it: `NullOrigin`. Empty for other numbers.
 */
struct cors_string cors_risk_name(uint32_t risk);

/**
 * The `CORS_RISK_…` of that name; 0 if there is none.
 */
uint32_t cors_risk_from_name(struct cors_string name);

/**
 * Writes to `size` how many bytes of storage the policy of a config takes. For a config with problems it means nothing.
 */
cors_code cors_policy_size(const struct cors_config *config,
                           size_t *size,
                           struct cors_error *error);

/**
 * Checks a config and compiles it into `storage`, which is the caller's and holds the policy from then on: keep it, and
 * leave it alone, as long as `policy` or a copy of it is used. `storage` needs no alignment, must not overlap the config
 * and its strings, and may have lost what was in it even if this fails. The strings of the config are not needed any more.
 *
 * `CORS_ERROR_CONFIG` tells the first problem, `cors_config_check` every one. `CORS_ERROR_BUFFER` tells in `needed` how
 * many bytes it takes; so does `cors_policy_size`.
 */
cors_code cors_policy_compile(const struct cors_config *config,
                              void *storage,
                              size_t storage_len,
                              struct cors_policy *policy,
                              struct cors_error *error);

/**
 * Takes the bytes of an image, from a file or from wherever: checks every one of them, in time linear in their number,
 * and copies none. Keep them, and leave them alone, as long as `policy` or a copy of it is used. They need no alignment.
 * Bytes that pass are safe to evaluate, whoever made them.
 */
cors_code cors_policy_load(const void *data,
                           size_t len,
                           struct cors_policy *policy,
                           struct cors_error *error);

/**
 * Reports every problem of a config, in the order of its members and of their entries, each with what to write instead.
 * Returns `CORS_OK` if there is none, or `CORS_ERROR_CONFIG`, with the first of them in `error`; or another code if the
 * config cannot be read. `report` must not unwind.
 */
cors_code cors_config_check(const struct cors_config *config,
                            cors_report report,
                            void *context,
                            struct cors_error *error);

/**
 * Decides a request. Takes no lock, allocates nothing, and reads nothing but its arguments: any number of threads may
 * evaluate the same policy at once.
 *
 * Of a preflight (`CORS_KIND_PREFLIGHT`) the decision is the whole answer: its status and its fields, no body. To any
 * other response add the fields, whatever its status: errors and redirects need them, too. A field of
 * `CORS_OP_REPLACE` takes the place of those that the application sent; one of `CORS_OP_APPEND` stands beside them.
 * Take away `Access-Control-` fields of the application's own even where the decision has none: they would undo a denial.
 *
 * On an error the decision has no fields, and the browser keeps the response from the page.
 */
cors_code cors_evaluate(const struct cors_policy *policy,
                        const struct cors_request *request,
                        struct cors_decision *decision);

/**
 * Tells whether some pattern of the policy allows an origin, as for a WebSocket handshake. False for what is none, and
 * on an error.
 */
bool cors_policy_allows_origin(const struct cors_policy *policy,
                               struct cors_string origin);

/**
 * Writes what comes of a page's fetch by a policy: what page, browser and server say to each other, the message in the
 * browser's console, and each obstacle with its fixes. UTF-8, a thing a line, with a NUL at the end.
 *
 * `needed`, if it is not NULL, is set to how many bytes the text and its NUL take. If `buffer_len` is less, the buffer
 * gets the beginning of the text, and the answer is `CORS_ERROR_BUFFER`.
 *
 * Takes up to 64 KiB of stack: it is for logs and tools, not for each request. A libcors that is built without the
 * feature `explain` does not have it.
 */
cors_code cors_explain(const struct cors_policy *policy,
                       const struct cors_fetch *fetch,
                       cors_engine engine,
                       char *buffer,
                       size_t buffer_len,
                       size_t *needed,
                       struct cors_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CORS_H */
