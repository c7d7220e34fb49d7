/*
 * Makes policies of the directives of each level. A policy that is refused is reported with its place and what to write
 * instead, and nginx does not start.
 */

#include "ngx_http_cors.h"

/* What a report of problems needs. */
typedef struct {
    ngx_conf_t *cf;
    ngx_http_cors_conf_t *conf;
} ngx_http_cors_reporting_t;

static char *ngx_http_cors_read(ngx_conf_t *cf, const ngx_str_t *file, const ngx_http_cors_place_t *place, cors_policy *policy);
static char *ngx_http_cors_compile(ngx_conf_t *cf, ngx_http_cors_conf_t *conf);

void *
ngx_http_cors_create_conf(ngx_conf_t *cf)
{
    ngx_http_cors_conf_t *conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_cors_conf_t));

    if (conf == NULL) {
        return NULL;
    }
    conf->enable = NGX_CONF_UNSET;
    conf->passthrough = NGX_CONF_UNSET;
    conf->shadow = NGX_CONF_UNSET_PTR;
    conf->allow_origins = NGX_CONF_UNSET_PTR;
    conf->allow_methods = NGX_CONF_UNSET_PTR;
    conf->allow_headers = NGX_CONF_UNSET_PTR;
    conf->expose_headers = NGX_CONF_UNSET_PTR;
    conf->accept_risks = NGX_CONF_UNSET_UINT;
    conf->allow_credentials = NGX_CONF_UNSET;
    conf->allow_private_network = NGX_CONF_UNSET;
    conf->max_age = NGX_CONF_UNSET;
    conf->preflight_status = NGX_CONF_UNSET;

    conf->policy = ngx_pcalloc(cf->pool, sizeof(cors_policy));
    return conf->policy != NULL ? conf : NULL;
}

/* Returns the place where the parser is. */
static ngx_http_cors_place_t
ngx_http_cors_here(ngx_conf_t *cf)
{
    ngx_http_cors_place_t place = {cf->conf_file->file.name, cf->conf_file->line};

    return place;
}

static void
ngx_http_cors_tell(ngx_conf_t *cf, const ngx_http_cors_place_t *place, const char *message)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "cors: %s in %V:%ui", message, &place->file, place->line);
}

char *
ngx_http_cors_set_enable(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;

    ccf->place = ngx_http_cors_here(cf);
    return ngx_conf_set_flag_slot(cf, cmd, conf);
}

/* Each directive of a policy begins with this. */
static char *
ngx_http_cors_add_words(ngx_conf_t *cf, ngx_http_cors_conf_t *conf)
{
    if (conf->policy_file.data != NULL) {
        return "stands beside cors_policy_file, which makes a whole policy; remove either";
    }
    conf->place = ngx_http_cors_here(cf);
    conf->has_words = 1;
    return NGX_CONF_OK;
}

/* Returns true for what nginx's own directives take for a variable: `$http_origin`, `https://${host}`. A method may have a `$`. */
static ngx_uint_t
ngx_http_cors_has_variable(const ngx_str_t *value)
{
    u_char *last = value->data + value->len;
    u_char *dollar = ngx_strlchr(value->data, last, '$');

    if (dollar == NULL || dollar + 1 == last || (dollar != value->data && ngx_strlchr(value->data, dollar, ':') == NULL)) {
        return 0;
    }
    return dollar[1] == '{' || dollar[1] == '_' || isalpha(dollar[1]);
}

/* Takes any number of values; directives of the same level add up. */
char *
ngx_http_cors_set_list(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_list_t **slot = (ngx_http_cors_list_t **) ((char *) conf + cmd->offset);
    ngx_http_cors_list_t *list = *slot;
    ngx_http_cors_place_t *place;
    cors_string *string;
    ngx_str_t *args = cf->args->elts;
    ngx_uint_t i;
    char *rv = ngx_http_cors_add_words(cf, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }
    if (list == NGX_CONF_UNSET_PTR) {
        list = ngx_pcalloc(cf->pool, sizeof(ngx_http_cors_list_t));
        if (list == NULL || ngx_array_init(&list->values, cf->pool, 8, sizeof(cors_string)) != NGX_OK
            || ngx_array_init(&list->places, cf->pool, 8, sizeof(ngx_http_cors_place_t)) != NGX_OK)
        {
            return NGX_CONF_ERROR;
        }
        *slot = list;
    }

    for (i = 1; i < cf->args->nelts; i++) {
        if (ngx_http_cors_has_variable(&args[i])) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "cors: \"%V\" takes no variables, such as \"%V\"; write the values: the module compares the "
                               "request with them",
                               &args[0], &args[i]);
            return NGX_CONF_ERROR;
        }
        string = ngx_array_push(&list->values);
        place = ngx_array_push(&list->places);
        if (string == NULL || place == NULL) {
            return NGX_CONF_ERROR;
        }
        string->data = (const char *) args[i].data;
        string->len = args[i].len;
        *place = ((ngx_http_cors_conf_t *) conf)->place;
    }

    return NGX_CONF_OK;
}

char *
ngx_http_cors_set_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char *rv = ngx_http_cors_add_words(cf, conf);

    return rv == NGX_CONF_OK ? ngx_conf_set_flag_slot(cf, cmd, conf) : rv;
}

char *
ngx_http_cors_set_max_age(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;
    char *rv = ngx_http_cors_add_words(cf, ccf);

    ccf->max_age_place = ccf->place;
    return rv == NGX_CONF_OK ? ngx_conf_set_sec_slot(cf, cmd, conf) : rv;
}

char *
ngx_http_cors_set_preflight_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;
    char *rv = ngx_http_cors_add_words(cf, ccf);

    ccf->preflight_status_place = ccf->place;
    if (rv == NGX_CONF_OK) {
        rv = ngx_conf_set_num_slot(cf, cmd, conf);
    }
    return rv == NGX_CONF_OK && ccf->preflight_status > UINT16_MAX ? "takes a status from 200 to 299" : rv;
}

char *
ngx_http_cors_set_risks(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;
    ngx_str_t *args = cf->args->elts;
    ngx_uint_t i;
    uint32_t risk;
    char *rv = ngx_http_cors_add_words(cf, ccf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }
    if (ccf->accept_risks == NGX_CONF_UNSET_UINT) {
        ccf->accept_risks = 0;
    }
    for (i = 1; i < cf->args->nelts; i++) {
        cors_string name = {(const char *) args[i].data, args[i].len};

        risk = cors_risk_from_name(name);
        if (risk == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "cors: no risk is named \"%V\"; write NullOrigin, AnyOriginWithCredentials, "
                               "InsecureOrigin, PublicSuffix or LocalFileOrigin",
                               &args[i]);
            return NGX_CONF_ERROR;
        }
        ccf->accept_risks |= risk;
    }
    return NGX_CONF_OK;
}

char *
ngx_http_cors_set_policy_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;
    ngx_str_t *args = cf->args->elts;

    if (ccf->policy_file.data != NULL) {
        return "is duplicate";
    }
    if (ccf->has_words) {
        return "stands beside other directives of a policy, and makes a whole one; remove either";
    }
    ccf->policy_file = args[1];
    ccf->policy_file_place = ccf->place = ngx_http_cors_here(cf);
    if (ccf->policy_file.len == 0) {
        return "has no name";
    }
    return ngx_conf_full_name(cf->cycle, &ccf->policy_file, 1) == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}

char *
ngx_http_cors_set_shadow_policy_file(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_cors_conf_t *ccf = conf;
    ngx_str_t *args = cf->args->elts;
    ngx_str_t file = args[1];
    ngx_http_cors_place_t place = ngx_http_cors_here(cf);

    if (ccf->shadow != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }
    if (ngx_strcmp(file.data, "off") == 0) {
        ccf->shadow = NULL;
        return NGX_CONF_OK;
    }
    ccf->shadow = ngx_pcalloc(cf->pool, sizeof(cors_policy));
    if (ccf->shadow == NULL || ngx_conf_full_name(cf->cycle, &file, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }
    return ngx_http_cors_read(cf, &file, &place, ccf->shadow);
}

char *
ngx_http_cors_merge_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_cors_conf_t *prev = parent;
    ngx_http_cors_conf_t *conf = child;

    ngx_conf_merge_value(conf->enable, prev->enable, 0);
    ngx_conf_merge_value(conf->passthrough, prev->passthrough, 0);
    ngx_conf_merge_ptr_value(conf->shadow, prev->shadow, NULL);
    if (conf->place.line == 0) {
        conf->place = prev->place;
    }

    /*
     * A policy is a file or words: what a level has of the one takes the place of what it would inherit of the other. A
     * level with a file leaves its words unset, so that words below it begin anew, without those from above the file.
     */
    if (!conf->has_words && conf->policy_file.data == NULL) {
        conf->policy_file = prev->policy_file;
        conf->policy_file_place = prev->policy_file_place;
        conf->policy = prev->policy;
    }
    if (conf->policy_file.data == NULL) {
        ngx_conf_merge_ptr_value(conf->allow_origins, prev->allow_origins, NULL);
        ngx_conf_merge_ptr_value(conf->allow_methods, prev->allow_methods, NULL);
        ngx_conf_merge_ptr_value(conf->allow_headers, prev->allow_headers, NULL);
        ngx_conf_merge_ptr_value(conf->expose_headers, prev->expose_headers, NULL);
        ngx_conf_merge_uint_value(conf->accept_risks, prev->accept_risks, 0);
        ngx_conf_merge_value(conf->allow_credentials, prev->allow_credentials, 0);
        ngx_conf_merge_value(conf->allow_private_network, prev->allow_private_network, 0);
        if (conf->preflight_status == NGX_CONF_UNSET) {
            conf->preflight_status = prev->preflight_status;
            conf->preflight_status_place = prev->preflight_status_place;
        }
        if (conf->max_age == NGX_CONF_UNSET) {
            conf->max_age = prev->max_age;
            conf->max_age_place = prev->max_age_place;
        }
    }

    if (!conf->enable || conf->policy->data != NULL) {
        return NGX_CONF_OK;
    }
    if (conf->policy_file.data != NULL) {
        return ngx_http_cors_read(cf, &conf->policy_file, &conf->policy_file_place, conf->policy);
    }
    return ngx_http_cors_compile(cf, conf);
}

/* Reads an image into memory that lives as long as the configuration. */
static char *
ngx_http_cors_read(ngx_conf_t *cf, const ngx_str_t *file, const ngx_http_cors_place_t *place, cors_policy *policy)
{
    cors_error error;
    ngx_file_info_t info;
    ngx_fd_t fd;
    u_char *bytes = NULL;
    size_t size = 0;
    ssize_t n = -1;

    fd = ngx_open_file(file->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, "cors: cannot open \"%V\" in %V:%ui", file,
                      &place->file, place->line);
        return NGX_CONF_ERROR;
    }
    if (ngx_fd_info(fd, &info) != NGX_FILE_ERROR && ngx_is_file(&info)) {
        size = (size_t) ngx_file_size(&info);
        bytes = ngx_palloc(cf->pool, size + 1);
        /* One byte more than there should be: a file that grows meanwhile is found out. */
        n = bytes != NULL ? ngx_read_fd(fd, bytes, size + 1) : -1;
    }
    ngx_close_file(fd);

    if (n < 0 || (size_t) n != size) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "cors: cannot read \"%V\" in %V:%ui", file,
                      &place->file, place->line);
        return NGX_CONF_ERROR;
    }
    if (cors_policy_load(bytes, size, policy, &error) != CORS_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cors: \"%V\" is no policy: %s; `cors compile` makes one of a policy file, in %V:%ui",
                      file, error.message, &place->file, place->line);
        return NGX_CONF_ERROR;
    }
    return NGX_CONF_OK;
}

static ngx_http_cors_list_t *
ngx_http_cors_list_of(ngx_http_cors_conf_t *conf, cors_field_id field)
{
    switch (field) {
    case CORS_FIELD_ALLOW_ORIGINS:
        return conf->allow_origins;
    case CORS_FIELD_ALLOW_METHODS:
        return conf->allow_methods;
    case CORS_FIELD_ALLOW_HEADERS:
        return conf->allow_headers;
    case CORS_FIELD_EXPOSE_HEADERS:
        return conf->expose_headers;
    default:
        return NULL;
    }
}

/* Copies a message of the engine's, with `cors_` before each name of a field: so the directive is named. */
static void
ngx_http_cors_name_directives(const char *message, u_char *text, u_char *last)
{
    static const ngx_str_t fields[] = {
        ngx_string("allow_origins"),     ngx_string("allow_methods"), ngx_string("allow_headers"),
        ngx_string("expose_headers"),    ngx_string("max_age"),       ngx_string("allow_credentials"),
        ngx_string("preflight_status"),  ngx_string("accept_risks"),  ngx_string("allow_private_network"),
    };
    ngx_uint_t i, begins_word = 1;

    while (*message != '\0' && text < last) {
        for (i = 0; begins_word && i < sizeof(fields) / sizeof(fields[0]); i++) {
            if (ngx_strncmp(message, fields[i].data, fields[i].len) == 0) {
                text = ngx_slprintf(text, last, "cors_");
            }
        }
        begins_word = *message == ' ';
        if (text < last) {
            *text++ = (u_char) *message++;
        }
    }
    *text = '\0';
}

/* Reports a problem with the place of the directive that it is about. */
static void
ngx_http_cors_report(void *context, const cors_error *problem)
{
    ngx_http_cors_reporting_t *reporting = context;
    ngx_http_cors_conf_t *conf = reporting->conf;
    ngx_http_cors_list_t *list = ngx_http_cors_list_of(conf, problem->field);
    const ngx_http_cors_place_t *place = &conf->place;
    u_char message[2 * CORS_MESSAGE_SIZE];

    if (list != NULL && problem->index < list->places.nelts) {
        place = (ngx_http_cors_place_t *) list->places.elts + problem->index;
    } else if (problem->field == CORS_FIELD_MAX_AGE) {
        place = &conf->max_age_place;
    } else if (problem->field == CORS_FIELD_PREFLIGHT_STATUS) {
        place = &conf->preflight_status_place;
    }
    ngx_http_cors_name_directives(problem->message, message, message + sizeof(message) - 1);
    ngx_http_cors_tell(reporting->cf, place, (const char *) message);
}

static void
ngx_http_cors_fill(const ngx_http_cors_list_t *list, const cors_string **strings, size_t *count)
{
    if (list != NULL) {
        *strings = list->values.elts;
        *count = list->values.nelts;
    }
}

static char *
ngx_http_cors_compile(ngx_conf_t *cf, ngx_http_cors_conf_t *conf)
{
    ngx_http_cors_reporting_t reporting = {cf, conf};
    cors_config config = CORS_CONFIG_INIT;
    cors_error error;
    cors_code code;
    size_t size;
    void *storage;

    ngx_http_cors_fill(conf->allow_origins, &config.allow_origins, &config.allow_origin_count);
    ngx_http_cors_fill(conf->allow_methods, &config.allow_methods, &config.allow_method_count);
    ngx_http_cors_fill(conf->allow_headers, &config.allow_headers, &config.allow_header_count);
    ngx_http_cors_fill(conf->expose_headers, &config.expose_headers, &config.expose_header_count);
    config.accept_risks = (uint32_t) conf->accept_risks;
    config.allow_credentials = conf->allow_credentials ? true : false;
    config.allow_private_network = conf->allow_private_network ? true : false;
    if (conf->preflight_status != NGX_CONF_UNSET) {
        config.preflight_status = (uint16_t) conf->preflight_status;
    }
    if (conf->max_age != NGX_CONF_UNSET) {
        config.max_age = conf->max_age;
    }

    if (config.allow_origin_count == 0) {
        ngx_http_cors_tell(cf, &conf->place,
                           "on, and no origin is allowed; write cors_allow_origins or cors_policy_file (the other "
                           "directives add nothing to an inherited file)");
        return NGX_CONF_ERROR;
    }

    code = cors_config_check(&config, ngx_http_cors_report, &reporting, &error);
    if (code == CORS_ERROR_CONFIG) {
        return NGX_CONF_ERROR;
    }
    if (code == CORS_OK) {
        code = cors_policy_size(&config, &size, &error);
    }
    if (code == CORS_OK) {
        storage = ngx_palloc(cf->pool, size);
        if (storage == NULL) {
            return NGX_CONF_ERROR;
        }
        code = cors_policy_compile(&config, storage, size, conf->policy, &error);
    }
    if (code != CORS_OK) {
        ngx_http_cors_report(&reporting, &error);
        return NGX_CONF_ERROR;
    }
    return NGX_CONF_OK;
}
