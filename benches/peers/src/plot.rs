//! Cost against the number of origins, both logarithmic, as SVG.

use std::error::Error;
use std::path::Path;

use cors_benches::COUNTS;
use plotters::prelude::*;

use crate::measured::Measured;

/// A plot: a line for each function that is compared.
pub(crate) struct Plot {
    pub(crate) file: &'static str,
    title: &'static str,
    lines: &'static [Line],
}

struct Line {
    label: &'static str,
    color: RGBColor,
    group: &'static str,
    function: &'static str,
    /// Whether the time without the layer is subtracted.
    is_layer: bool,
}

const BLUE: RGBColor = RGBColor(0x1f, 0x5f, 0xbf);
const RED: RGBColor = RGBColor(0xc0, 0x3a, 0x2b);
const ORANGE: RGBColor = RGBColor(0xd6, 0x8a, 0x10);
const GREEN: RGBColor = RGBColor(0x2e, 0x8b, 0x57);
const GRAY: RGBColor = RGBColor(0x80, 0x80, 0x80);

const fn line(
    label: &'static str,
    color: RGBColor,
    group: &'static str,
    function: &'static str,
    is_layer: bool,
) -> Line {
    Line { label, color, group, function, is_layer }
}

pub(crate) const ALL: [Plot; 2] = [
    Plot {
        file: "origins.svg",
        title: "One request, by the number of origins in the policy",
        lines: &[
            line("cors-core", BLUE, "engine, exact", "cors-core", false),
            line("cors-core in a layer", GREEN, "layer, exact", "cors-core", true),
            line("tower-http 0.7", RED, "layer, exact", "tower-http", true),
            line("actix-cors 0.7", ORANGE, "actix, exact", "actix-cors", true),
            line("registry's cors-core 0.1.1", GRAY, "engine, exact", "registry's cors-core", false),
        ],
    },
    Plot {
        file: "requests.svg",
        title: "cors-core, by the number of origins in the policy",
        lines: &[
            line("preflight, 3 headers", RED, "preflight, 3 headers", "cors-core", false),
            line("wildcard", ORANGE, "all wildcards", "cors-core", false),
            line("denied", GRAY, "denied", "cors-core", false),
            line("exact", BLUE, "exact", "cors-core", false),
            line("bare look-up in a hash set", GREEN, "exact", "hash set", false),
        ],
    },
];

impl Plot {
    pub(crate) fn draw(&self, measured: &Measured, path: &Path) -> Result<(), Box<dyn Error>> {
        let lines: Vec<_> = self.lines.iter().map(|line| (line, points(measured, line))).collect();
        let costs = || lines.iter().flat_map(|(_, points)| points.iter().map(|point| point.1));
        let lowest = costs().fold(f64::INFINITY, f64::min) / 2.0;
        let highest = costs().fold(0.0, f64::max) * 2.0;

        let root = SVGBackend::new(path, (760, 420)).into_drawing_area();
        root.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&root)
            .caption(self.title, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(64)
            .build_cartesian_2d((1.0..1_000_000.0).log_scale(), (lowest..highest).log_scale())?;
        chart
            .configure_mesh()
            .light_line_style(WHITE)
            .x_desc("origins")
            .y_desc("time")
            .x_label_formatter(&|count| format!("{count}"))
            .y_label_formatter(&|nanoseconds| crate::tables::time(*nanoseconds))
            .draw()?;
        for (line, points) in lines {
            chart
                .draw_series(LineSeries::new(points, line.color.stroke_width(2)).point_size(3))?
                .label(line.label)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], line.color.stroke_width(2)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.9))
            .border_style(GRAY)
            .draw()?;
        root.present()?;
        Ok(())
    }
}

fn points(measured: &Measured, line: &Line) -> Vec<(f64, f64)> {
    let cost = if line.is_layer { Measured::overhead } else { Measured::get };
    #[allow(clippy::cast_precision_loss)] // a million at most
    let point = |count: usize| Some((count as f64, cost(measured, line.group, line.function, count)?));
    COUNTS.into_iter().filter_map(point).collect()
}
