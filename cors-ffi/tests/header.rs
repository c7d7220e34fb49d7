//! `include/cors.h` is what cbindgen makes of this crate. `UPDATE=1` writes it.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_header_is_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).expect("cbindgen.toml");
    let sources = ["types", "names", "compile", "load", "check", "evaluate", "explain"];
    let builder = sources.into_iter().fold(cbindgen::Builder::new().with_config(config), |builder, name| {
        builder.with_src(folder.join("src").join(name).with_extension("rs"))
    });
    let mut made = Vec::new();
    builder.generate().expect("a header").write(&mut made);
    let made = String::from_utf8(made).expect("UTF-8");
    let path = folder.join("../include/cors.h");
    if env::var_os("UPDATE").is_some() {
        fs::write(path, made).expect("written");
    } else {
        let written = fs::read_to_string(path).expect("include/cors.h");
        assert_eq!(written, made, "UPDATE=1 cargo test -p cors-ffi writes it");
    }
}
