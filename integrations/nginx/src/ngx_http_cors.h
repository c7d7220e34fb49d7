/*
 * CORS for nginx, decided by libcors: what the files of the module share.
 * ngx_http_cors_conf.c makes policies of directives, ngx_http_cors_filter.c puts decisions into responses.
 */

#ifndef NGX_HTTP_CORS_H
#define NGX_HTTP_CORS_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <cors.h>

/* Where a value stands in the configuration. */
typedef struct {
    ngx_str_t file;
    ngx_uint_t line;
} ngx_http_cors_place_t;

/* The values of a list, and beside each its place. */
typedef struct {
    ngx_array_t values; /* of cors_string */
    ngx_array_t places; /* of ngx_http_cors_place_t */
} ngx_http_cors_list_t;

/* The directives of a level, and the policy that they make. */
typedef struct {
    ngx_flag_t enable;
    ngx_flag_t passthrough;
    ngx_http_cors_place_t place; /* Of the last directive that the level has, or inherits. */

    ngx_http_cors_list_t *allow_origins;
    ngx_http_cors_list_t *allow_methods;
    ngx_http_cors_list_t *allow_headers;
    ngx_http_cors_list_t *expose_headers;
    ngx_uint_t accept_risks;
    ngx_flag_t allow_credentials;
    ngx_flag_t allow_private_network;
    time_t max_age;
    ngx_http_cors_place_t max_age_place;
    ngx_int_t preflight_status;
    ngx_http_cors_place_t preflight_status_place;
    unsigned has_words : 1; /* Has one of the nine itself. */

    ngx_str_t policy_file;
    ngx_http_cors_place_t policy_file_place;

    /* Shared with the levels that inherit it whole. Without data until a level that is on needs it. */
    cors_policy *policy;

    /* A second policy, without effect (A8); NULL if there is none. */
    cors_policy *shadow;
} ngx_http_cors_conf_t;

/* What is known of a request. It outlives internal redirects, by which error pages are made. */
typedef struct {
    ngx_http_cors_conf_t *conf; /* The level whose policy decides; NULL if none does. */
    cors_kind kind;
    cors_denial denial;
    cors_denial shadow_denial;
    unsigned is_decided : 1;
} ngx_http_cors_ctx_t;

extern ngx_module_t ngx_http_cors_module;

/* ngx_http_cors_conf.c */
void *ngx_http_cors_create_conf(ngx_conf_t *cf);
char *ngx_http_cors_merge_conf(ngx_conf_t *cf, void *parent, void *child);
char *ngx_http_cors_set_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_list(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_max_age(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_preflight_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_risks(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_policy_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_cors_set_shadow_policy_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* ngx_http_cors_filter.c */
ngx_http_cors_ctx_t *ngx_http_cors_get_decided(ngx_http_request_t *r);
ngx_int_t ngx_http_cors_handler(ngx_http_request_t *r);
void ngx_http_cors_init_filter(void);

#endif
