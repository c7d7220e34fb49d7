/*
 * Requests in, decisions out: preflights are answered, and every other response gets its fields.
 */

#include "ngx_http_cors.h"

/* More lines of a field than these change no decision. */
#define NGX_HTTP_CORS_MAX_SINGLE 2
#define NGX_HTTP_CORS_MAX_LINES 33
#define NGX_HTTP_CORS_MAX_HEADERS (3 * NGX_HTTP_CORS_MAX_SINGLE + NGX_HTTP_CORS_MAX_LINES)

static ngx_http_output_header_filter_pt ngx_http_next_header_filter;

static void
ngx_http_cors_cleanup(void *data)
{
    /* Nothing to free: the context is the pool's. It is found by this function's address. */
}

/* Returns the context of the whole request. Internal redirects take it out of its usual place. */
static ngx_http_cors_ctx_t *
ngx_http_cors_get_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *cln;
    ngx_http_cors_ctx_t *ctx = ngx_http_get_module_ctx(r->main, ngx_http_cors_module);

    if (ctx == NULL && (r->main->internal || r->main->filter_finalize)) {
        for (cln = r->pool->cleanup; cln != NULL; cln = cln->next) {
            if (cln->handler == ngx_http_cors_cleanup) {
                ctx = cln->data;
                ngx_http_set_ctx(r->main, ctx, ngx_http_cors_module);
                break;
            }
        }
    }
    return ctx;
}

static ngx_http_cors_ctx_t *
ngx_http_cors_make_ctx(ngx_http_request_t *r)
{
    ngx_http_cors_ctx_t *ctx;
    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_cors_ctx_t));

    if (cln == NULL) {
        return NULL;
    }
    cln->handler = ngx_http_cors_cleanup;
    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_cors_ctx_t));
    ngx_http_set_ctx(r, ctx, ngx_http_cors_module);
    return ctx;
}

/*
 * Returns the context with the level that decides: the first location of the request whose policy is on. An error page
 * belongs to the location that the request was for, wherever the page lies.
 */
static ngx_http_cors_ctx_t *
ngx_http_cors_locate(ngx_http_request_t *r)
{
    ngx_http_cors_conf_t *conf = ngx_http_get_module_loc_conf(r, ngx_http_cors_module);
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_ctx(r);

    if (ctx == NULL) {
        ctx = ngx_http_cors_make_ctx(r);
        if (ctx == NULL) {
            return NULL;
        }
    } else if (ctx->conf != NULL || r->error_page) {
        return ctx;
    }
    if (conf->enable) {
        ctx->conf = conf;
    }
    return ctx;
}

/* Of all fields those that a decision looks at, no more of each than make a difference. */
static size_t
ngx_http_cors_collect(ngx_http_request_t *r, cors_header *headers)
{
    static const struct {
        size_t len;
        const char *name;
        size_t max;
    } fields[] = {
        {sizeof("origin") - 1, "origin", NGX_HTTP_CORS_MAX_SINGLE},
        {sizeof("access-control-request-method") - 1, "access-control-request-method", NGX_HTTP_CORS_MAX_SINGLE},
        {sizeof("access-control-request-headers") - 1, "access-control-request-headers", NGX_HTTP_CORS_MAX_LINES},
        {sizeof("access-control-request-private-network") - 1, "access-control-request-private-network",
         NGX_HTTP_CORS_MAX_SINGLE},
    };
    size_t seen[sizeof(fields) / sizeof(fields[0])] = {0};
    size_t count = 0;
    ngx_list_part_t *part = &r->headers_in.headers.part;
    ngx_table_elt_t *h;
    ngx_uint_t i, j;

    for (; part != NULL; part = part->next) {
        h = part->elts;
        for (i = 0; i < part->nelts; i++) {
            for (j = 0; j < sizeof(fields) / sizeof(fields[0]); j++) {
                if (h[i].key.len != fields[j].len || seen[j] == fields[j].max
                    || ngx_strncasecmp(h[i].key.data, (u_char *) fields[j].name, fields[j].len) != 0)
                {
                    continue;
                }
                /* Empty lists of names change no decision. */
                if (fields[j].max == NGX_HTTP_CORS_MAX_LINES && h[i].value.len == 0) {
                    continue;
                }
                seen[j]++;
                headers[count].name.data = (const char *) h[i].key.data;
                headers[count].name.len = h[i].key.len;
                headers[count].value.data = (const char *) h[i].value.data;
                headers[count].value.len = h[i].value.len;
                count++;
            }
        }
    }
    return count;
}

/* A8: asks the second policy, which has no effect, and tells where its verdict differs. */
static void
ngx_http_cors_decide_shadow(ngx_http_request_t *r, ngx_http_cors_ctx_t *ctx, const cors_request *request)
{
    cors_decision decision;
    cors_string denial, shadow;

    if (cors_evaluate(ctx->conf->shadow, request, &decision) != CORS_OK) {
        return;
    }
    ctx->shadow_denial = decision.denial;
    if (ctx->shadow_denial == ctx->denial) {
        return;
    }
    denial = cors_denial_name(ctx->denial);
    shadow = cors_denial_name(ctx->shadow_denial);
    ngx_log_error(NGX_LOG_NOTICE, r->connection->log, 0, "cors: the policy says %s%*s, cors_shadow_policy_file %s%*s",
                  denial.len != 0 ? "denied " : "allowed", denial.len, denial.data,
                  shadow.len != 0 ? "denied " : "allowed", shadow.len, shadow.data);
}

static ngx_int_t
ngx_http_cors_decide(ngx_http_request_t *r, ngx_http_cors_ctx_t *ctx, cors_decision *decision)
{
    cors_header headers[NGX_HTTP_CORS_MAX_HEADERS];
    cors_request request = CORS_REQUEST_INIT;
    cors_string name;
    cors_code code;

    request.method.data = (const char *) r->method_name.data;
    request.method.len = r->method_name.len;
    request.headers = headers;
    request.header_count = ngx_http_cors_collect(r, headers);

    code = cors_evaluate(ctx->conf->policy, &request, decision);
    if (code != CORS_OK) {
        name = cors_code_message(code);
        ngx_log_error(NGX_LOG_ALERT, r->connection->log, 0, "cors: %*s", name.len, name.data);
        return NGX_ERROR;
    }
    if (decision->denial != CORS_DENIAL_NONE && !ctx->is_decided) {
        name = cors_denial_name(decision->denial);
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0, "cors: denied: %*s", name.len, name.data);
    }
    ctx->kind = decision->kind;
    ctx->denial = decision->denial;
    if (ctx->conf->shadow != NULL && !ctx->is_decided && decision->kind != CORS_KIND_NOT_CORS) {
        ngx_http_cors_decide_shadow(r, ctx, &request);
    }
    ctx->is_decided = 1;
    return NGX_OK;
}

/* Returns what is decided about a request, for the variables: `if` asks before there is a response. NULL if no policy decides. */
ngx_http_cors_ctx_t *
ngx_http_cors_get_decided(ngx_http_request_t *r)
{
    cors_decision decision;
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_ctx(r);

    if (ctx == NULL || ctx->conf == NULL) {
        return NULL;
    }
    if (!ctx->is_decided && ngx_http_cors_decide(r->main, ctx, &decision) != NGX_OK) {
        return NULL;
    }
    return ctx;
}

/* A1: answers preflights. Other requests are the location's, and with cors_passthrough preflights, too (A7). */
ngx_int_t
ngx_http_cors_handler(ngx_http_request_t *r)
{
    cors_decision decision;
    ngx_http_cors_ctx_t *ctx;
    ngx_int_t rc;

    if (r != r->main) {
        return NGX_DECLINED;
    }
    ctx = ngx_http_cors_locate(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    if (ctx->conf == NULL || r->method != NGX_HTTP_OPTIONS || r->error_page) {
        return NGX_DECLINED;
    }
    if (ngx_http_cors_decide(r, ctx, &decision) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    if (decision.kind != CORS_KIND_PREFLIGHT || ctx->conf->passthrough) {
        return NGX_DECLINED;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }
    r->headers_out.status = decision.status;
    r->headers_out.content_length_n = 0;
    r->header_only = 1;
    /* The filter adds the fields. */
    return ngx_http_send_header(r);
}

static cors_string
ngx_http_cors_string(const ngx_str_t *str)
{
    cors_string string = {(const char *) str->data, str->len};

    return string;
}

static ngx_uint_t
ngx_http_cors_is_vary(const ngx_table_elt_t *h)
{
    return h->hash != 0 && h->key.len == sizeof("vary") - 1
           && ngx_strncasecmp(h->key.data, (u_char *) "vary", sizeof("vary") - 1) == 0;
}

/* A3: removes the application's fields of the policy's names, and counts its lines of Vary. */
static ngx_uint_t
ngx_http_cors_remove(ngx_http_request_t *r)
{
    ngx_list_part_t *part = &r->headers_out.headers.part;
    ngx_table_elt_t *h;
    ngx_uint_t i, vary_count = 0;

    for (; part != NULL; part = part->next) {
        h = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (h[i].hash != 0 && cors_is_policy_field(ngx_http_cors_string(&h[i].key))) {
                h[i].hash = 0;
            }
            vary_count += ngx_http_cors_is_vary(&h[i]);
        }
    }
    return vary_count;
}

static ngx_int_t
ngx_http_cors_push(ngx_http_request_t *r, const cors_string *name, const cors_string *value)
{
    ngx_table_elt_t *h = ngx_list_push(&r->headers_out.headers);

    if (h == NULL) {
        return NGX_ERROR;
    }
    ngx_memzero(h, sizeof(ngx_table_elt_t));
    h->hash = 1;
    h->key.data = (u_char *) name->data;
    h->key.len = name->len;
    h->lowcase_key = h->key.data;
    h->value.data = (u_char *) value->data;
    h->value.len = value->len;
    return NGX_OK;
}

/* Returns true if nginx would write a line of its own for gzip_vary, when all filters are through; that line is then ours. */
static ngx_uint_t
ngx_http_cors_take_gzip_vary(ngx_http_request_t *r)
{
#if (NGX_HTTP_GZIP)
    ngx_http_core_loc_conf_t *clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (r->gzip_vary && clcf->gzip_vary) {
        r->gzip_vary = 0;
        return 1;
    }
#endif
    return 0;
}

/* A3: one line of Vary, where the first of the application's lines is. */
static ngx_int_t
ngx_http_cors_merge_vary(ngx_http_request_t *r, const cors_field *field, ngx_uint_t line_count)
{
    ngx_list_part_t *part = &r->headers_out.headers.part;
    ngx_table_elt_t *h, *first = NULL;
    cors_string *lines, merged;
    ngx_uint_t i, n = 0;
    ngx_uint_t has_gzip = ngx_http_cors_take_gzip_vary(r);
    size_t size = field->value.len + sizeof("Accept-Encoding, ");
    char *value;

    if (line_count == 0 && !has_gzip) {
        return ngx_http_cors_push(r, &field->name, &field->value);
    }
    lines = ngx_palloc(r->pool, (line_count + 1) * sizeof(cors_string));
    if (lines == NULL) {
        return NGX_ERROR;
    }
    for (; part != NULL; part = part->next) {
        h = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (n < line_count && ngx_http_cors_is_vary(&h[i])) {
                lines[n++] = ngx_http_cors_string(&h[i].value);
                size += h[i].value.len + (sizeof(", ") - 1);
                if (first == NULL) {
                    first = &h[i];
                } else {
                    h[i].hash = 0;
                }
            }
        }
    }
    if (has_gzip) {
        lines[n++] = (cors_string) CORS_STRING("Accept-Encoding");
    }
    value = ngx_pnalloc(r->pool, size);
    if (value == NULL || cors_vary_merge(lines, n, field->value, value, size, &merged.len) != CORS_OK) {
        return NGX_ERROR;
    }
    merged.data = value;
    if (merged.len == 0) {
        /* One line, which names everything. */
        merged = lines[0];
    }
    if (first == NULL) {
        return ngx_http_cors_push(r, &field->name, &merged);
    }
    first->value.data = (u_char *) merged.data;
    first->value.len = merged.len;
    return NGX_OK;
}

/* A2: every response, whatever its status and wherever it comes from. */
static ngx_int_t
ngx_http_cors_header_filter(ngx_http_request_t *r)
{
    cors_decision decision;
    ngx_http_cors_ctx_t *ctx;
    ngx_uint_t vary_count;
    ngx_int_t rc;
    size_t i;

    if (r != r->main) {
        return ngx_http_next_header_filter(r);
    }
    ctx = ngx_http_cors_locate(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }
    if (ctx->conf == NULL) {
        return ngx_http_next_header_filter(r);
    }
    if (r->upstream != NULL && r->headers_out.status > NGX_HTTP_SWITCHING_PROTOCOLS && r->headers_out.status < NGX_HTTP_OK) {
        /* This nginx takes an interim response for the response, and would send on the real one as its body, unseen. */
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cors: the upstream sent an interim response, status %ui, which this nginx does not take apart",
                      r->headers_out.status);
        return ngx_http_filter_finalize_request(r, &ngx_http_cors_module, NGX_HTTP_BAD_GATEWAY);
    }
    if (ngx_http_cors_decide(r, ctx, &decision) != NGX_OK) {
        return NGX_ERROR;
    }

    vary_count = ngx_http_cors_remove(r);
    for (i = 0; i < decision.field_count; i++) {
        if (decision.fields[i].name.len == sizeof("vary") - 1) {
            rc = ngx_http_cors_merge_vary(r, &decision.fields[i], vary_count);
        } else {
            rc = ngx_http_cors_push(r, &decision.fields[i].name, &decision.fields[i].value);
        }
        if (rc != NGX_OK) {
            return NGX_ERROR;
        }
    }
    return ngx_http_next_header_filter(r);
}

void
ngx_http_cors_init_filter(void)
{
    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_cors_header_filter;
}
