use cors_macros::policy_file;

fn main() {
    let _ = policy_file!(shop.toml);
}
