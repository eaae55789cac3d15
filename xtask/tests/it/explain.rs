//! What `--explain` prints.

use xtask::explain;
use xtask::lower::{Loss, Note};

fn note(pointer: &str, rule: &'static str, loss: Loss) -> Note {
    Note {
        pointer: pointer.to_owned(),
        rule,
        loss,
    }
}

#[test]
fn rules_losses_and_places_stand_in_columns() {
    let notes = [
        note("/openapi", "openapi-version", Loss::None),
        note("", "paths-absent", Loss::None),
        note(
            "/components/schemas/A/prefixItems",
            "prefix-items",
            Loss::Wider("which position holds what".to_owned()),
        ),
        note(
            "/info/summary",
            "info-summary",
            Loss::Words("the text".to_owned()),
        ),
    ];
    let text = anstream::adapter::strip_str(&explain::block("acme", &notes).unwrap()).to_string();
    assert_eq!(
        text,
        "\
acme: 4 rewritings, 2 with a loss
  openapi-version         /openapi
  paths-absent            the document
  prefix-items     wider  /components/schemas/A/prefixItems
                          which position holds what
  info-summary     lost   /info/summary
                          the text
"
    );
    assert!(
        explain::block("acme", &notes[..1])
            .unwrap()
            .contains("acme\u{1b}[0m: 1 rewriting, 0 with a loss")
    );
}

#[test]
fn a_document_that_is_refused_does_not_hide_the_others() {
    let root = tempfile::tempdir().unwrap();
    for vendor in ["dolfin", "sinjapp"] {
        let folder = root.path().join("openapi").join(vendor);
        std::fs::create_dir_all(&folder).unwrap();
        let there = xtask::root().join("openapi").join(vendor);
        std::fs::copy(there.join("document.yaml"), folder.join("document.yaml")).unwrap();
        std::fs::copy(there.join("overlay.yaml"), folder.join("overlay.yaml")).unwrap();
    }
    std::fs::write(
        root.path().join("openapi/dolfin/document.yaml"),
        "openapi: 2.0.0\n",
    )
    .unwrap();
    let explained = explain::run(root.path(), &[]).unwrap();
    assert!(explained.text.contains("sinjapp"), "{}", explained.text);
    assert_eq!(explained.problems.len(), 1);
    assert!(
        explained.problems[0].starts_with("dolfin: "),
        "{:?}",
        explained.problems
    );
}
