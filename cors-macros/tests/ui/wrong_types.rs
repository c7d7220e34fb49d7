use cors_macros::policy;

const ORIGIN: &str = "https://app.example.com";

fn main() {
    let _ = policy! {
        allow_origins: [ORIGIN, 'a', b"https://app.example.com", 1.5, ["https://app.example.com"]],
        allow_methods: "PUT",
        allow_headers: &["content-type"],
        allow_credentials: "true",
        max_age: Some(7200),
        allow_private_network: 1,
        preflight_status: -1,
    };
}
