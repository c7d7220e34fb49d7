//! The stack `spring`.

use crate::stack::row::{Layer, Row, Template, DOUBLE, NONE};
use crate::stack::signs::{possible, sure};

pub(super) const ROW: Row = Row {
    name: "spring",
    other_names: &["spring-boot", "springboot"],
    title: "Spring Boot",
    layer: Layer::Application,
    is_run: false,
    signs: &[sure("x-application-context", ""), possible("set-cookie", "jsessionid")],
    command: None,
    parts: &[
        Template {
            place: "a class with @Configuration; the filter stands before Spring Security",
            language: "java",
            list: DOUBLE,
            text: r#"@Bean
FilterRegistrationBean<CorsFilter> corsFilter() {
    var cors = new CorsConfiguration();
    cors.setAllowedOrigins(List.of({{origins}}));
    cors.setAllowedMethods(List.of({{methods}}));
@headers     cors.setAllowedHeaders(List.of({{headers}}));
@exposed     cors.setExposedHeaders(List.of({{exposed}}));
@credentials     cors.setAllowCredentials(true);
    cors.setMaxAge({{max-age}}L);
    var source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/**", cors);
    var filter = new FilterRegistrationBean<>(new CorsFilter(source));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return filter;
}
"#,
        },
    ],
    notes: &[],
    limits: NONE,
};
