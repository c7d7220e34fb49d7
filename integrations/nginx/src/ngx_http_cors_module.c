/*
 * The module: its directives, its place among the phases, and its variables.
 */

#include "ngx_http_cors.h"

static ngx_int_t ngx_http_cors_add_variables(ngx_conf_t *cf);
static ngx_int_t ngx_http_cors_init(ngx_conf_t *cf);
static ngx_int_t ngx_http_cors_verdict_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_cors_denial_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);

#define NGX_HTTP_CORS_ANYWHERE NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF

static ngx_command_t ngx_http_cors_commands[] = {

    {ngx_string("cors"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_FLAG, ngx_http_cors_set_enable, NGX_HTTP_LOC_CONF_OFFSET,
     offsetof(ngx_http_cors_conf_t, enable), NULL},

    {ngx_string("cors_allow_origins"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_1MORE, ngx_http_cors_set_list,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, allow_origins), NULL},

    {ngx_string("cors_allow_methods"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_1MORE, ngx_http_cors_set_list,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, allow_methods), NULL},

    {ngx_string("cors_allow_headers"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_1MORE, ngx_http_cors_set_list,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, allow_headers), NULL},

    {ngx_string("cors_expose_headers"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_1MORE, ngx_http_cors_set_list,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, expose_headers), NULL},

    {ngx_string("cors_allow_credentials"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_FLAG,
     ngx_http_cors_set_flag, NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, allow_credentials), NULL},

    {ngx_string("cors_allow_private_network"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_FLAG,
     ngx_http_cors_set_flag, NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, allow_private_network), NULL},

    {ngx_string("cors_max_age"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_TAKE1, ngx_http_cors_set_max_age,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, max_age), NULL},

    {ngx_string("cors_preflight_status"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_TAKE1, ngx_http_cors_set_preflight_status,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, preflight_status), NULL},

    {ngx_string("cors_accept_risks"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_1MORE, ngx_http_cors_set_risks,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},

    {ngx_string("cors_policy_file"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_TAKE1, ngx_http_cors_set_policy_file,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},

    {ngx_string("cors_shadow_policy_file"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_TAKE1, ngx_http_cors_set_shadow_policy_file,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},

    {ngx_string("cors_passthrough"), NGX_HTTP_CORS_ANYWHERE | NGX_CONF_FLAG, ngx_conf_set_flag_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_cors_conf_t, passthrough), NULL},

    ngx_null_command};

static ngx_http_module_t ngx_http_cors_module_ctx = {
    ngx_http_cors_add_variables, /* preconfiguration */
    ngx_http_cors_init,          /* postconfiguration */
    NULL,                        /* create main configuration */
    NULL,                        /* init main configuration */
    NULL,                        /* create server configuration */
    NULL,                        /* merge server configuration */
    ngx_http_cors_create_conf,   /* create location configuration */
    ngx_http_cors_merge_conf     /* merge location configuration */
};

ngx_module_t ngx_http_cors_module = {
    NGX_MODULE_V1,
    &ngx_http_cors_module_ctx, /* module context */
    ngx_http_cors_commands,    /* module directives */
    NGX_HTTP_MODULE,           /* module type */
    NULL,                      /* init master */
    NULL,                      /* init module */
    NULL,                      /* init process */
    NULL,                      /* init thread */
    NULL,                      /* exit thread */
    NULL,                      /* exit process */
    NULL,                      /* exit master */
    NGX_MODULE_V1_PADDING};

static ngx_http_variable_t ngx_http_cors_variables[] = {

    {ngx_string("cors_verdict"), NULL, ngx_http_cors_verdict_variable, offsetof(ngx_http_cors_ctx_t, denial),
     NGX_HTTP_VAR_NOCACHEABLE, 0},

    {ngx_string("cors_denial"), NULL, ngx_http_cors_denial_variable, offsetof(ngx_http_cors_ctx_t, denial),
     NGX_HTTP_VAR_NOCACHEABLE, 0},

    {ngx_string("cors_shadow_verdict"), NULL, ngx_http_cors_verdict_variable, offsetof(ngx_http_cors_ctx_t, shadow_denial),
     NGX_HTTP_VAR_NOCACHEABLE, 0},

    {ngx_string("cors_shadow_denial"), NULL, ngx_http_cors_denial_variable, offsetof(ngx_http_cors_ctx_t, shadow_denial),
     NGX_HTTP_VAR_NOCACHEABLE, 0},

    ngx_http_null_variable};

static ngx_int_t
ngx_http_cors_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t *var, *v;

    for (v = ngx_http_cors_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }
        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}

static ngx_int_t
ngx_http_cors_init(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *cmcf;
    ngx_http_handler_pt *handler;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    /*
     * A1: the first phase in which the location is known, before `return` and `rewrite` in it. Handlers run from the last
     * to the first, and the rewrite module's is there already.
     */
    handler = ngx_array_push(&cmcf->phases[NGX_HTTP_REWRITE_PHASE].handlers);
    if (handler == NULL) {
        return NGX_ERROR;
    }
    *handler = ngx_http_cors_handler;

    ngx_http_cors_init_filter();
    return NGX_OK;
}

static ngx_int_t
ngx_http_cors_set_variable(ngx_http_variable_value_t *v, const char *data, size_t len)
{
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->data = (u_char *) data;
    v->len = len;
    return NGX_OK;
}

/* Returns true if the policy whose denial lies at this place of the context has decided about a request of the CORS protocol. */
static ngx_uint_t
ngx_http_cors_has_verdict(const ngx_http_cors_ctx_t *ctx, uintptr_t place)
{
    return ctx != NULL && ctx->kind != CORS_KIND_NOT_CORS
           && (place == offsetof(ngx_http_cors_ctx_t, denial) || ctx->conf->shadow != NULL);
}

/* `allowed` or `denied`, for a request that the CORS protocol is about. */
static ngx_int_t
ngx_http_cors_verdict_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_decided(r);

    if (!ngx_http_cors_has_verdict(ctx, data)) {
        v->not_found = 1;
        return NGX_OK;
    }
    if (*(cors_denial *) ((char *) ctx + data) == CORS_DENIAL_NONE) {
        return ngx_http_cors_set_variable(v, "allowed", sizeof("allowed") - 1);
    }
    return ngx_http_cors_set_variable(v, "denied", sizeof("denied") - 1);
}

/* The reason of a denial, such as `OriginNotAllowed`. */
static ngx_int_t
ngx_http_cors_denial_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    cors_string name;
    ngx_http_cors_ctx_t *ctx = ngx_http_cors_get_decided(r);

    if (!ngx_http_cors_has_verdict(ctx, data) || *(cors_denial *) ((char *) ctx + data) == CORS_DENIAL_NONE) {
        v->not_found = 1;
        return NGX_OK;
    }
    name = cors_denial_name(*(cors_denial *) ((char *) ctx + data));
    return ngx_http_cors_set_variable(v, name.data, name.len);
}
