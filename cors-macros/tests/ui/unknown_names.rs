use cors_macros::policy;

fn main() {
    let _ = policy! {
        origins: ["https://app.example.com", "https://App.example.com"],
        max_age: 60,
        max_age: 70,
        accept_risks: [Risk::NulOrigin, Everything],
        is_public_suffix: None,
    };
}
