use cors_macros::policy;

fn main() {
    let _ = policy! { allow_origins: ["https://app.example.com" "https://example.org"] max_age: 60 };
}
