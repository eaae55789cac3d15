//! Where a line goes in a text that somebody else has written.

/// One entry of a list.
#[derive(Debug)]
pub(super) enum Entry {
    /// Before the end of the list that begins with a line: the first line after it that is like `end`.
    AtTheEnd {
        begin: &'static str,
        end: &'static str,
        line: String,
    },
    /// A module, among the others in the order of the alphabet.
    Module { stem: String, declaration: String },
    /// In place of something that stands once.
    Beside { this: String, put: String },
    /// One more name after the last one, in every list of JSON that ends with it.
    InJson { last: String, name: String },
}

impl Entry {
    /// The text with the entry; none if there is no such list.
    pub(super) fn enter(&self, text: &str) -> Option<String> {
        match self {
            Self::AtTheEnd { begin, end, line } => {
                let from = line_of(text, begin, 0)?;
                let at = line_of(text, end, from + begin.len())?;
                Some(format!("{}{line}\n{}", &text[..at], &text[at..]))
            }
            Self::Module { stem, declaration } => among_modules(text, stem, declaration),
            Self::Beside { this, put } => {
                (text.matches(this.as_str()).count() == 1).then(|| text.replacen(this.as_str(), put, 1))
            }
            Self::InJson { last, name } => in_json(text, last, name),
        }
    }

    /// What is wrong if there is none.
    pub(super) fn complaint(&self) -> String {
        match self {
            Self::AtTheEnd { begin, .. } => {
                format!("the list that begins with `{}` is not there", begin.trim())
            }
            Self::Module { .. } => "the modules of the vendors are not there".to_owned(),
            Self::Beside { this, .. } => format!("`{}` does not stand there once", this.trim()),
            Self::InJson { last, .. } => format!("no list ends with `{last}`"),
        }
    }
}

/// Where a whole line begins, from a place on.
fn line_of(text: &str, wanted: &str, from: usize) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at >= from && line.trim_end_matches('\n') == wanted {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// A declaration of a module ends with `mod name;` and has its attributes on the lines before.
fn among_modules(text: &str, stem: &str, declaration: &str) -> Option<String> {
    let mut at = 0;
    // Where the attributes of the next declaration begin.
    let mut begin = None;
    let mut after_last = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let module = trimmed
            .strip_suffix(';')
            .and_then(|line| line.rsplit_once("mod "))
            .filter(|(before, _)| ["", "pub ", "pub(crate) "].contains(before))
            .map(|(_, name)| name);
        let is_attribute = trimmed.starts_with("#[");
        if is_attribute || module.is_some() {
            begin = begin.or(Some(at));
        }
        match module {
            Some(name) if is_vendor(text, name) => {
                if name > stem {
                    let at = begin.unwrap_or(at);
                    return Some(format!("{}{declaration}\n{}", &text[..at], &text[at..]));
                }
                after_last = Some(at + line.len());
            }
            _ => {}
        }
        if !is_attribute {
            begin = None;
        }
        at += line.len();
    }
    let at = after_last?;
    Some(format!("{}{declaration}\n{}", &text[..at], &text[at..]))
}

/// The modules of vendors stand together, and the first of them is known. Other modules of a file are no place for a vendor.
fn is_vendor(text: &str, name: &str) -> bool {
    let block = text
        .split("\n\n")
        .find(|block| block.lines().any(|line| line.ends_with("mod sinjapp;")));
    block.is_some_and(|block| block.lines().any(|line| line.ends_with(&format!("mod {name};"))))
}

fn in_json(text: &str, last: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut entered = String::with_capacity(text.len() + 64);
    let mut is_entered = false;
    for (place, line) in lines.iter().enumerate() {
        let ends = lines
            .get(place + 1)
            .is_some_and(|next| next.trim_start().starts_with(']'));
        match line.trim() == format!("\"{last}\"") && ends {
            true => {
                let indent = &line[..line.len() - line.trim_start().len()];
                entered.push_str(&format!("{line},\n{indent}\"{name}\"\n"));
                is_entered = true;
            }
            false => entered.push_str(&format!("{line}\n")),
        }
    }
    is_entered.then_some(entered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_goes_where_the_alphabet_has_it_and_other_modules_stay_alone() {
        let text = "mod zebra;\n\n#[cfg(x)]\npub mod b3os;\n#[cfg(x)]\npub mod sinjapp;\n\nuse a;\n";
        let entered = |stem: &str| {
            let declaration = format!("#[cfg(x)]\npub mod {stem};");
            let stem = stem.to_owned();
            Entry::Module { stem, declaration }.enter(text).unwrap()
        };
        assert!(entered("acme").contains("mod zebra;\n\n#[cfg(x)]\npub mod acme;\n#[cfg(x)]\npub mod b3os;"));
        assert!(entered("museum").contains("b3os;\n#[cfg(x)]\npub mod museum;\n#[cfg(x)]\npub mod sinjapp;"));
        assert!(entered("zoo").contains("sinjapp;\n#[cfg(x)]\npub mod zoo;\n\nuse a;"));
    }

    #[test]
    fn an_entry_comes_last_in_its_list() {
        let text = "a! {\n    One,\n}\n\nb! {\n    Two,\n}\n";
        let line = "    Three,".to_owned();
        let (begin, end) = ("b! {", "}");
        let entered = Entry::AtTheEnd { begin, end, line }.enter(text).unwrap();
        assert_eq!(entered, "a! {\n    One,\n}\n\nb! {\n    Two,\n    Three,\n}\n");
    }

    #[test]
    fn a_list_of_json_gets_one_more_name_wherever_it_stands() {
        let text = "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ],\n  \"b\": [\n    \"y\",\n    \"z\"\n  ]\n}\n";
        let (last, name) = ("y".to_owned(), "new".to_owned());
        let entered = Entry::InJson { last, name }.enter(text).unwrap();
        assert_eq!(
            entered,
            "{\n  \"a\": [\n    \"x\",\n    \"y\",\n    \"new\"\n  ],\n  \"b\": [\n    \"y\",\n    \"z\"\n  ]\n}\n"
        );
    }

    #[test]
    fn a_list_that_is_not_there_is_told() {
        let line = String::new();
        let (begin, end) = ("c! {", "}");
        let entry = Entry::AtTheEnd { begin, end, line };
        assert_eq!(entry.enter("a! {\n}\n"), None);
        assert_eq!(entry.complaint(), "the list that begins with `c! {` is not there");
    }
}
