use cors_macros::policy;

fn main() {
    let _ = policy! { allow_origins: ["https://app.example.com"], max_age: };
}
