//! Puts tests/vectors/decisions.json into the firmware, each policy with the image that this machine makes of it.

mod vector;

use std::path::PathBuf;
use std::{env, fs};

use cors_core::{Denial, Verdict};
use cors_testing::OwnedConfigExt;
use cors_testing::vectors::{DecisionVector, RequestVector, Value as Written, load};
use vector::{Config, DecisionCase, RequestCase, Text, Value};

const VECTORS: &str = "../../vectors/decisions.json";

fn main() {
    println!("cargo::rerun-if-changed=memory.x");
    println!("cargo::rerun-if-changed={VECTORS}");
    println!("cargo::rustc-link-search={}", env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rustc-link-arg-bins=-Tlink.x");

    let vectors = load::<DecisionVector>("decisions.json");
    let mut bytes = postcard::to_stdvec(&vectors.len()).unwrap();
    let mut texts = Texts::default();
    for vector in &vectors {
        vector.policy.with_suffixes(|config| {
            let mut image = vec![0; config.image_len()];
            config.compile_into(&mut image).unwrap();
            let case = DecisionCase {
                name: &vector.name,
                config: Config {
                    allow_origins: config.allow_origins.iter().copied().collect(),
                    allow_methods: config.allow_methods.iter().copied().collect(),
                    allow_headers: config.allow_headers.iter().copied().collect(),
                    expose_headers: config.expose_headers.iter().copied().collect(),
                    allow_credentials: config.allow_credentials,
                    max_age: config.max_age,
                    allow_private_network: config.allow_private_network,
                    preflight_status: config.preflight_status,
                    accept_risks: config.accept_risks.iter().map(|risk| risk.name()).collect(),
                },
                image: &image,
                requests: vector.requests.len(),
            };
            bytes.extend(postcard::to_stdvec(&case).unwrap());
        });
        for request in &vector.requests {
            bytes.extend(postcard::to_stdvec(&texts.request(request)).unwrap());
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("vectors"), bytes).unwrap();
    fs::write(out.join("texts.rs"), texts.source()).unwrap();
}

/// The texts of all requests, each once.
#[derive(Default)]
struct Texts(Vec<Vec<u8>>);

impl Texts {
    fn add(&mut self, text: impl Into<Vec<u8>>) -> Text {
        let text = text.into();
        let place = self.0.iter().position(|known| *known == text).unwrap_or_else(|| {
            self.0.push(text);
            self.0.len() - 1
        });
        Text::try_from(place).unwrap()
    }

    fn request(&mut self, request: &RequestVector) -> RequestCase {
        let expected = request.expected();
        let verdict = match expected.verdict {
            Verdict::Allowed => "allowed",
            Verdict::Denied(denial) => Denial::name(denial),
        };
        RequestCase {
            method: self.value(&request.method),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (self.add(name.as_str()), self.value(value)))
                .collect(),
            kind: self.add(expected.kind.name()),
            verdict: self.add(verdict),
            status: expected.status,
            fields: expected
                .fields
                .into_iter()
                .map(|(name, value, op)| (self.add(name), self.add(value), self.add(op.name())))
                .collect(),
        }
    }

    fn value(&mut self, value: &Written) -> Value {
        match value {
            Written::Repeat(repeated) => Value {
                prefix: self.add(repeated.prefix.as_str()),
                repeat: self.add(repeated.repeat.as_str()),
                times: repeated.times,
                suffix: self.add(repeated.suffix.as_str()),
            },
            bytes => Value { prefix: 0, repeat: 0, times: 0, suffix: self.add(bytes.bytes()) },
        }
    }

    fn source(&self) -> String {
        let texts = self.0.iter().map(|text| format!("    b\"{}\",\n", text.escape_ascii()));
        format!("static TEXTS: [&[u8]; {}] = [\n{}];\n", self.0.len(), texts.collect::<String>())
    }
}
