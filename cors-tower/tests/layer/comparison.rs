//! The lines that `COMPARE.md` counts; the documentation tests compile them.

const PAGE: &str = include_str!("../../COMPARE.md");

/// The blocks of code in the page, each without its fences.
fn blocks() -> Vec<Vec<&'static str>> {
    let mut blocks = Vec::new();
    let mut lines = PAGE.lines();
    while lines.by_ref().any(|line| line == "```rust") {
        blocks.push(lines.by_ref().take_while(|line| *line != "```").collect());
    }
    blocks
}

/// The numbers of the table, row by row.
fn rows() -> Vec<[usize; 2]> {
    let rows = PAGE.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit(" | ");
        let theirs = cells.next()?.parse().ok()?;
        Some([cells.next()?.parse().ok()?, theirs])
    });
    rows.collect()
}

#[test]
fn the_table_counts_the_lines_and_none_of_ours_are_more() {
    let (blocks, rows) = (blocks(), rows());
    assert_eq!((blocks.len(), rows.len()), (10, 5));
    for (pair, [ours, theirs]) in blocks.chunks(2).zip(rows) {
        assert!(pair[0].iter().any(|line| line.starts_with("use cors_tower::")), "{pair:?}");
        assert!(pair[1].iter().any(|line| line.starts_with("use tower_http::")), "{pair:?}");
        // A blank line belongs to rustfmt.
        let count = |block: &[&str]| block.iter().filter(|line| !line.is_empty()).count();
        assert_eq!([count(&pair[0]), count(&pair[1])], [ours, theirs], "{pair:#?}");
        assert!(ours <= theirs, "{pair:#?}");
    }
}
