//! What rustc says of bad policies: `tests/ui/*.stderr`. `TRYBUILD=overwrite` writes them.

#[test]
fn compile_errors() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
