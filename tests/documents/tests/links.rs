//! Links from one file of the project to another lead to a file or a folder.

use std::path::Path;

use cors_documents::tree;

#[test]
fn every_link_leads_somewhere() {
    let mut broken = Vec::new();
    for page in tree::files("md") {
        let folder = page.parent().unwrap_or(Path::new(""));
        for (index, line) in tree::read(&page).lines().enumerate() {
            for (at, _) in line.match_indices("](") {
                let Some((target, _)) = line[at + 2..].split_once(')') else { continue };
                let path = target.split('#').next().unwrap_or_default();
                if !path.is_empty() && !path.contains("://") && !tree::root().join(folder).join(path).exists()
                {
                    broken.push(format!("{}:{}: {target}", page.display(), index + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
