//! Writing and checking: an unchanged file is not touched, and one run tells all that differs.

use std::path::Path;

use xtask::output::Output;

#[test]
fn checking_writes_nothing_and_tells_where_a_file_differs() {
    let root = tempfile::tempdir().unwrap();
    let path = Path::new("deep/file.txt");
    let missing = Output::Check
        .file(root.path(), path, "one\ntwo\n")
        .unwrap()
        .unwrap();
    assert_eq!(missing.to_string(), "deep/file.txt is missing");
    assert!(!root.path().join(path).exists());

    assert_eq!(Output::Write.file(root.path(), path, "one\ntwo\n").unwrap(), None);
    assert_eq!(Output::Check.file(root.path(), path, "one\ntwo\n").unwrap(), None);
    let drift = Output::Check
        .file(root.path(), path, "one\nthree\n")
        .unwrap()
        .unwrap();
    assert_eq!(
        drift.to_string(),
        "deep/file.txt differs from line 2: has `two`, should have `three`"
    );
}

#[test]
fn a_file_that_has_its_contents_is_not_touched() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("file.txt");
    std::fs::write(&path, "same\r\n").unwrap();
    let before = std::fs::metadata(&path).unwrap().modified().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(20));
    Output::Write
        .file(root.path(), Path::new("file.txt"), "same\n")
        .unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), before);
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
}
