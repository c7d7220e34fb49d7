//! Writes the tables of `RESULTS.md`.

use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;
use std::{fmt, fs};

use cors_benches::{COUNTS, compile, origins, requests};

use crate::measured::Measured;

pub(crate) fn results(measured: &Measured, allocations: &str) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    writeln!(text, "# Results\n")?;
    writeln!(text, "Measured on {}, {}, with {}; load {}.", date(), processor(), compiler(), load())?;
    writeln!(
        text,
        "Times are criterion's medians; a ratio compares two times of the same run. `make bench` writes this"
    )?;
    writeln!(text, "file; [NOTES.md](NOTES.md) explains what bounds the figures.\n")?;
    writeln!(
        text,
        "## One request, by the number of origins\n\nEvaluated, and every field of the response read.\n"
    )?;
    writeln!(text, "![time against the number of origins](requests.svg)\n")?;
    requests_table(&mut text, measured)?;
    writeln!(
        text,
        "\n## Beside a bare look-up\n\nHot: the same origin each time. Warm: 1,024 in turn. Cold: all, in random"
    )?;
    writeln!(text, "order. The floor is `hashbrown` with `foldhash`.\n")?;
    floor_table(&mut text, measured)?;
    writeln!(text, "\n## Beside the peers\n\n![time against the number of origins](origins.svg)\n")?;
    writeln!(
        text,
        "An engine takes header values and gives names and values. A layer takes an HTTP request and gives a"
    )?;
    writeln!(text, "response: its cost is the time with it less the time without.\n")?;
    peers_table(&mut text, measured)?;
    writeln!(text, "\n## Hostile requests\n\nBeside a policy of 1,000 origins and a wildcard.\n")?;
    hostile_table(&mut text, measured)?;
    writeln!(text, "\n## Compiling\n")?;
    compile_table(&mut text, measured)?;
    writeln!(text, "\n## Heap allocations of one request\n\n{allocations}")?;
    Ok(text)
}

fn requests_table(text: &mut String, measured: &Measured) -> fmt::Result {
    header(text, "origins", &COUNTS.map(grouped))?;
    for group in [
        "no Origin",
        "exact",
        "one wildcard",
        "all wildcards",
        "denied",
        "preflight",
        "preflight, 3 headers",
        "preflight, 20 headers",
    ] {
        row(text, group, COUNTS.map(|count| cell(measured.get(group, "cors-core", count))))?;
        let alone = COUNTS.map(|count| cell(measured.get(group, "the decision alone", count)));
        row(text, &format!("{group}: the decision alone"), alone)?;
    }
    row(
        text,
        "one wildcard ÷ exact",
        COUNTS.map(|count| {
            ratio(measured.get("one wildcard", "cors-core", count), measured.get("exact", "cors-core", count))
        }),
    )
}

fn floor_table(text: &mut String, measured: &Measured) -> fmt::Result {
    header(text, "origins", &COUNTS.map(grouped))?;
    for group in ["exact", "exact, warm", "exact, cold"] {
        let [ours, set] =
            ["cors-core", "hash set"].map(|who| COUNTS.map(|count| measured.get(group, who, count)));
        row(text, &format!("{group}: hash set"), set.map(cell))?;
        if group == "exact" {
            let alone = COUNTS.map(|count| measured.get(group, "look-up alone", count));
            row(text, "exact: look-up in the image", alone.map(cell))?;
        }
        row(text, &format!("{group}: cors-core"), ours.map(cell))?;
        let ratios = std::array::from_fn(|index| ratio(ours[index], set[index]));
        row::<{ COUNTS.len() }>(text, "÷ hash set", ratios)?;
    }
    Ok(())
}

fn peers_table(text: &mut String, measured: &Measured) -> fmt::Result {
    header(text, "origins", &COUNTS.map(grouped))?;
    for request in ["no Origin", "exact", "denied", "preflight, 3 headers"] {
        let [engine, layer, actix] = ["engine", "layer", "actix"].map(|kind| format!("{kind}, {request}"));
        let ours = COUNTS.map(|count| measured.get(&engine, "cors-core", count));
        let our_layer = COUNTS.map(|count| measured.overhead(&layer, "cors-core", count));
        let registry = COUNTS.map(|count| measured.get(&engine, "registry's cors-core", count));
        let tower = COUNTS.map(|count| measured.overhead(&layer, "tower-http", count));
        let actix = COUNTS.map(|count| measured.overhead(&actix, "actix-cors", count));
        for (who, times) in [
            ("cors-core", ours),
            ("registry's cors-core 0.1.1", registry),
            ("cors-core in a layer", our_layer),
            ("tower-http 0.7", tower),
            ("actix-cors 0.7", actix),
        ] {
            row(text, &format!("{request}: {who}"), times.map(cell))?;
        }
        let against = |theirs: &[Option<f64>; 7], ours: &[Option<f64>; 7]| {
            std::array::from_fn::<_, 7, _>(|index| ratio(theirs[index], ours[index]))
        };
        row(text, "registry's ÷ cors-core", against(&registry, &ours))?;
        row(text, "tower-http ÷ cors-core in a layer", against(&tower, &our_layer))?;
        row(text, "tower-http ÷ cors-core", against(&tower, &ours))?;
        row(text, "actix-cors ÷ cors-core", against(&actix, &ours))?;
    }
    Ok(())
}

fn hostile_table(text: &mut String, measured: &Measured) -> fmt::Result {
    let denial = measured.get("hostile", "ordinary denial", 0);
    header(text, "request", &["time", "÷ ordinary denial"].map(str::to_owned))?;
    row(text, "ordinary denial", [cell(denial), ratio(denial, denial)])?;
    for sample in requests::hostile(&origins(1)[0]) {
        let time = measured.get("hostile", sample.name, 0);
        row(text, sample.name, [cell(time), ratio(time, denial)])?;
    }
    Ok(())
}

fn compile_table(text: &mut String, measured: &Measured) -> fmt::Result {
    header(text, "origins", &COUNTS.map(grouped))?;
    for function in ["config to image", "load and check"] {
        row(text, function, COUNTS.map(|count| cell(measured.get("compile", function, count))))?;
    }
    let sizes = COUNTS.map(|count| {
        let list = origins(count);
        (compile(&list, &[]).len(), list.iter().map(String::len).sum::<usize>())
    });
    row(text, "image, bytes", sizes.map(|(image, _)| grouped(image)))?;
    #[allow(clippy::cast_precision_loss)] // sizes are far below 2⁵³
    row(
        text,
        "image ÷ text of the origins",
        sizes.map(|(image, text)| format!("{:.2}", image as f64 / text as f64)),
    )
}

fn header(text: &mut String, first: &str, cells: &[String]) -> fmt::Result {
    writeln!(text, "| {first} | {} |", cells.join(" | "))?;
    writeln!(text, "|---|{}", "---:|".repeat(cells.len()))
}

#[allow(clippy::needless_pass_by_value)] // every caller makes it for this
fn row<const N: usize>(text: &mut String, name: &str, cells: [String; N]) -> fmt::Result {
    writeln!(text, "| {name} | {} |", cells.join(" | "))
}

fn cell(nanoseconds: Option<f64>) -> String {
    nanoseconds.map(time).unwrap_or_default()
}

fn ratio(one: Option<f64>, other: Option<f64>) -> String {
    one.zip(other).map(|(one, other)| format!("**{:.1}**", one / other)).unwrap_or_default()
}

/// Formats a time with three digits and a unit.
pub(crate) fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        ..1e6 => (nanoseconds / 1e3, "µs"),
        ..1e9 => (nanoseconds / 1e6, "ms"),
        _ => (nanoseconds / 1e9, "s"),
    };
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// Formats a number with commas between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.map(String::from_utf8_lossy).collect::<Vec<_>>().join(",")
}

fn date() -> String {
    output("date", &["-u", "+%Y-%m-%d"])
}

fn compiler() -> String {
    output("rustc", &["--version"])
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// Returns the name of the processors and their number.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut names = info.lines().filter_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let name = names.next().unwrap_or(std::env::consts::ARCH);
    format!("{name}, {} of them", names.count() + 1)
}

/// Returns the load averages, which show the other work of the machine.
fn load() -> String {
    fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').take(3).collect::<Vec<_>>().join(", ")
}
