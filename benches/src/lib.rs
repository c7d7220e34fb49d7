//! What the benchmarks share: sample origins.

/// `count` different origins of ordinary length (about 30 bytes).
#[must_use]
pub fn origins(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("https://app{n}.team{}.example.com", n % 97)).collect()
}
