//! Names: from what vendors write to what Rust can say.

use heck::{ToPascalCase as _, ToSnakeCase as _};

/// The name of a type or a variant. Punctuation that would vanish is spelled out: `*` is `Star`, not nothing.
pub fn pascal(text: &str) -> String {
    let pascal = spell_out(text).to_pascal_case();
    match pascal.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_alphabetic() => usable(pascal),
        Some(_) => format!("Value{pascal}"),
    }
}

/// The name of a field, a parameter or a method.
pub fn snake(text: &str) -> String {
    let snake = spell_out(text).to_snake_case();
    match snake.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_alphabetic() => usable(snake),
        Some(_) => format!("value_{snake}"),
    }
}

/// The name, with a number after `joint` if it is taken.
pub fn free(name: &str, joint: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|count| format!("{}{joint}{count}", name.trim_end_matches('_')));
    let found = std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !is_taken(name));
    found.unwrap_or_else(|| name.to_owned())
}

/// The names of the known values of a string, unequal to one another and to the name for the others.
pub fn variants(values: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let plain = match pascal(value).as_str() {
            // The variant for what is not known is called that.
            "Unknown" => "UnknownValue".to_owned(),
            plain => plain.to_owned(),
        };
        let mut name = plain.clone();
        let mut count = 2;
        while names.contains(&name) {
            name = format!("{plain}{count}");
            count += 1;
        }
        names.push(name);
    }
    names
}

/// The reason phrase of a status, as a name.
pub fn reason(status: u16) -> String {
    let phrase = match status {
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableEntity",
        423 => "Locked",
        424 => "FailedDependency",
        425 => "TooEarly",
        426 => "UpgradeRequired",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        other => return format!("Status{other}"),
    };
    phrase.to_owned()
}

fn usable(name: String) -> String {
    match name.as_str() {
        // Type names are never keywords but for this one.
        "Self" => "SelfValue".to_owned(),
        // A keyword since the edition of 2024, which the parser is not told.
        "gen" => "gen_".to_owned(),
        _ => match syn::parse_str::<syn::Ident>(&name) {
            Ok(_) => name,
            Err(_) => format!("{name}_"),
        },
    }
}

/// Whether Rust lets a name hold the character; not all that Unicode calls alphanumeric may, `²` for one.
fn stands_in_a_name(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || (character.is_alphanumeric() && syn::parse_str::<syn::Ident>(&format!("a{character}")).is_ok())
}

fn spell_out(text: &str) -> String {
    // A sign between letters separates words, as `-` in `read-write`; a sign that stands alone is the name.
    let is_word = text.chars().any(char::is_alphanumeric);
    let mut spelled = String::new();
    for (index, character) in text.chars().enumerate() {
        let word = match character {
            '*' => "star",
            '+' if !is_word || index == 0 => "plus",
            '-' if !is_word || (index == 0 && text.len() > 1) => "minus",
            '<' => "less",
            '>' => "greater",
            '=' => "equals",
            '!' => "not",
            '%' => "percent",
            '&' => "and",
            '$' if !is_word => "dollar",
            '#' if !is_word => "hash",
            '.' if !is_word => "dot",
            '/' if !is_word => "slash",
            '?' if !is_word => "question",
            '_' if !is_word => "underscore",
            ' ' if !is_word => "space",
            _ => {
                let kept = if stands_in_a_name(character) || character == '\'' {
                    character
                } else {
                    ' '
                };
                if kept != '\'' {
                    spelled.push(kept);
                }
                continue;
            }
        };
        spelled.push(' ');
        spelled.push_str(word);
        spelled.push(' ');
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_is_spelled_out_and_separators_are_not() {
        assert_eq!(pascal("*"), "Star");
        assert_eq!(pascal("contacts.lookup"), "ContactsLookup");
        assert_eq!(pascal("read-write"), "ReadWrite");
        assert_eq!(pascal("-1"), "Minus1");
        assert_eq!(pascal(""), "Empty");
        assert_eq!(pascal("2fa"), "Value2fa");
        assert_eq!(pascal("m²"), "M");
        assert_eq!(pascal("straße ñ"), "StraßeÑ");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("gen"), "gen_");
        assert_eq!(pascal("self"), "SelfValue");
        assert_eq!(snake("x-tenant-id"), "x_tenant_id");
    }

    #[test]
    fn values_that_look_alike_get_names_that_differ() {
        let values = ["read-write", "read_write", "unknown"].map(str::to_owned);
        assert_eq!(variants(&values), ["ReadWrite", "ReadWrite2", "UnknownValue"]);
    }
}
