//! The hand-written half of a client, as the SDK has it: `sdk/src` is embedded when the workshop is built, so a standalone
//! crate carries the very files that the vendors' clients run on.

/// A file of the runtime by its path below `src`, and its text.
pub type File = (&'static str, &'static str);

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../sdk/src/", $path)))),*]
    };
}

/// Every file of the SDK that knows no vendor and no vocabulary over vendors.
pub const FILES: &[File] = files![
    "client.rs",
    "config.rs",
    "connection.rs",
    "cookie.rs",
    "credentials.rs",
    "error.rs",
    "error/answer.rs",
    "error/kind.rs",
    "error/unanswered.rs",
    "open.rs",
    "options.rs",
    "parameters.rs",
    "retry.rs",
    "retry/budget.rs",
    "secret.rs",
    "time.rs",
    "transport.rs",
    "transport/attempt.rs",
    "transport/call.rs",
    "transport/clock.rs",
    "transport/credential.rs",
    "transport/repeat.rs",
    "upload.rs",
    "vendor.rs",
    "wire.rs",
    "wire/objects.rs",
];

/// The crate that the files come from.
const HOME: &str = "keyway";

/// Words that make an example of documentation one of a vendor.
const VENDORS: [&str; 4] = ["sinjapp", "reten", "dolfin", "b3os"];

/// A file as the crate carries it: without its tests and without examples of vendors, and speaking of `crate_name`.
pub fn carried(text: &str, crate_name: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut example: Option<String> = None;
    for line in text.lines() {
        // Tests are at the end of a file.
        if line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,") {
            break;
        }
        let is_fence = line
            .trim_start()
            .trim_start_matches(['/', '!'])
            .trim_start()
            .starts_with("```");
        let text = format!("{}\n", line.replace(HOME, crate_name));
        match (example.take(), is_fence) {
            (None, true) => example = Some(text),
            (None, false) => kept.push_str(&text),
            (Some(begun), false) => example = Some(begun + &text),
            (Some(begun), true) if VENDORS.iter().any(|vendor| begun.contains(vendor)) => {
                unannounce(&mut kept)
            }
            (Some(begun), true) => kept.push_str(&(begun + &text)),
        }
    }
    format!("{}\n", kept.trim_end())
}

/// What announced an example has nothing to announce.
fn unannounce(kept: &mut String) {
    let end = kept.trim_end_matches(['/', '!', ' ', '\n']).len();
    kept.truncate(end);
    if kept.ends_with(':') {
        kept.pop();
        kept.push('.');
    }
    kept.push('\n');
}
