//! Checks the image of a config that compiles: its length, its bytes, and what they are read back as.

use cors_core::{CompileError, Config, Policy};
use cors_testing::naive;
use cors_testing::vectors::{Place, Report};

/// The image of `config`, its properties checked on the way; `None` if it does not compile.
pub(crate) fn compile(
    report: &mut Report,
    place: Place<'_>,
    name: &str,
    config: &Config<'_>,
) -> Option<Vec<u8>> {
    let len = config.image_len();
    let mut image = vec![0xAA; len];
    let compiled = config.compile_into(&mut image).map(|policy| policy.as_bytes().len());
    report.check(place, format_args!("{name}: image_len"), &render(&Ok(len)), &render(&compiled));
    compiled.ok()?;

    let mut short = vec![0; len - 1];
    let refused = config.compile_into(&mut short).map(|policy| policy.as_bytes().len());
    let expected = Err(CompileError::BufferTooSmall { needed: len });
    report.check(place, format_args!("{name}: one byte less"), &render(&expected), &render(&refused));

    // A longer buffer with other bytes in it gives the same image, in its front.
    let mut long = vec![0x55; len + 64];
    let again = config.compile_into(&mut long).expect("it compiled before");
    match Policy::from_bytes(&image) {
        Ok(policy) => {
            report.check(place, format_args!("{name}: from_bytes"), &true, &(policy == again));
            read_back(report, place, name, config, policy);
        }
        Err(error) => {
            report.check(place, format_args!("{name}: from_bytes"), &"a policy".into(), &error.to_string());
        }
    }
    Some(image)
}

fn render(result: &Result<usize, CompileError<'_>>) -> String {
    match result {
        Ok(len) => format!("{len} bytes"),
        Err(error) => error.to_string(),
    }
}

/// The policy says what the config said.
fn read_back(report: &mut Report, place: Place<'_>, name: &str, config: &Config<'_>, policy: Policy<'_>) {
    let lowercased = |names: &[&str]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let lists: [(&str, Vec<String>, Vec<&str>); 4] = [
        (
            "allow_origins",
            config.allow_origins.iter().map(ToString::to_string).collect(),
            policy.allow_origins().collect(),
        ),
        (
            "allow_methods",
            config.allow_methods.iter().map(|method| naive::normalize_method(method)).collect(),
            policy.allow_methods().collect(),
        ),
        ("allow_headers", lowercased(config.allow_headers), policy.allow_headers().collect()),
        (
            "expose_headers",
            lowercased(config.expose_headers)
                .into_iter()
                .filter(|name| !naive::is_safelisted_response_header(name))
                .collect(),
            policy.expose_headers().collect(),
        ),
    ];
    for (field, expected, got) in lists {
        let input = format!("{name}: {field} read back");
        report.check(place, input, &format!("{expected:?}"), &format!("{got:?}"));
    }

    let mut risks = config.accept_risks.to_vec();
    risks.sort_by_key(|risk| *risk as u8);
    risks.dedup();
    let expected = format!(
        "{} {:?} {} {} {risks:?}",
        config.allow_credentials, config.max_age, config.allow_private_network, config.preflight_status
    );
    let got = format!(
        "{} {:?} {} {} {:?}",
        policy.allow_credentials(),
        policy.max_age(),
        policy.allow_private_network(),
        policy.preflight_status(),
        policy.accept_risks().collect::<Vec<_>>()
    );
    report.check(place, format_args!("{name}: the other fields read back"), &expected, &got);
}
