//! The limits of the document, checked on a request before it is sent. A message names the place and the rule, never the
//! value: the value may be a secret.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Number;

use super::types::{optional, parameters_name};
use crate::document;
use crate::model::{Api, Field, Operation, Rules, Shape, Struct, Ty};

/// `check` of a struct that requests hold, if there is anything to check in it.
pub(super) fn of_struct(api: &Api, name: &str, object: &Struct) -> Option<TokenStream> {
    if !needs_check(api, name) {
        return None;
    }
    let ident = format_ident!("{name}");
    let checks = object.fields.iter().filter_map(|field| {
        let key = document::pointer("", &field.key);
        let place = format!("{{at}}{}", key.replace('{', "{{").replace('}', "}}"));
        of_field(
            api,
            field,
            &quote! { format!(#place) },
            match (field.null_apart, !field.required || field.nullable) {
                (true, _) => Presence::NullApart,
                (false, true) => Presence::Optional,
                (false, false) => Presence::Certain,
            },
        )
    });
    let checks: Vec<TokenStream> = checks.collect();
    // A limit may be one that no value of the type can break.
    let at = match checks.is_empty() {
        true => format_ident!("_at"),
        false => format_ident!("at"),
    };
    Some(quote! {
        impl #ident {
            /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
            pub(crate) fn check(&self, #at: &str) -> Result<(), crate::InvalidRequest> {
                #(#checks)*
                Ok(())
            }
        }
    })
}

/// `check` of the struct of optional parameters.
pub(super) fn of_parameters(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let checks: Vec<TokenStream> = optional(operation)
        .filter_map(|field| {
            let key = &field.key;
            of_field(api, field, &quote! { #key.to_owned() }, Presence::Optional)
        })
        .collect();
    if checks.is_empty() {
        return None;
    }
    let ident = parameters_name(operation);
    Some(quote! {
        impl #ident {
            /// Whether the vendor's limits are kept.
            pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
                #(#checks)*
                Ok(())
            }
        }
    })
}

/// Whether [`of_parameters`] writes something.
pub(super) fn has_parameter_checks(api: &Api, operation: &Operation) -> bool {
    of_parameters(api, operation).is_some()
}

/// Whether a type has a `check`.
pub(super) fn needs_check(api: &Api, name: &str) -> bool {
    fn ty_needs(api: &Api, ty: &Ty, seen: &mut Vec<String>) -> bool {
        match ty {
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => {
                ty_needs(api, inner, seen)
            }
            Ty::Named(name) => needs(api, name, seen),
            Ty::Number => true,
            _ => false,
        }
    }
    fn needs(api: &Api, name: &str, seen: &mut Vec<String>) -> bool {
        let Some(definition) = api.types.get(name) else {
            return false;
        };
        let Shape::Struct(object) = &definition.shape else {
            return false;
        };
        if !definition.sent || seen.iter().any(|there| there == name) {
            return false;
        }
        seen.push(name.to_owned());
        object
            .fields
            .iter()
            .any(|field| applies(&field.rules) || ty_needs(api, &field.ty, seen))
    }
    needs(api, name, &mut vec![])
}

/// The check of one value that `value` refers to, if there is anything to check. `at` is in scope as a text.
pub(super) fn of_value(api: &Api, ty: &Ty, rules: &Rules) -> Option<TokenStream> {
    let own = violations(ty, rules).into_iter().map(|(violation, rule)| {
        quote! {
            if #violation {
                return Err(crate::InvalidRequest::new(at, #rule).into());
            }
        }
    });
    let none = Rules::default();
    let nested = match ty {
        Ty::Named(name) if needs_check(api, name) => Some(quote! { value.check(&at)?; }),
        Ty::Array(item) => of_value(api, item, rules.items.as_deref().unwrap_or(&none)).map(|inner| {
            quote! {
                for (index, value) in value.iter().enumerate() {
                    let at = format!("{at}/{index}");
                    #inner
                }
            }
        }),
        Ty::Map(item) => of_value(api, item, rules.items.as_deref().unwrap_or(&none)).map(|inner| {
            quote! {
                for (key, value) in value {
                    let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                    #inner
                }
            }
        }),
        Ty::Nullable(inner) => {
            of_value(api, inner, rules).map(|inner| quote! { if let Some(value) = value { #inner } })
        }
        _ => None,
    };
    let all: Vec<TokenStream> = own.chain(nested).collect();
    (!all.is_empty()).then(|| quote! { #(#all)* })
}

/// How a field holds its value.
#[derive(Clone, Copy)]
enum Presence {
    Certain,
    Optional,
    /// It is optional, and may be `null` as well.
    NullApart,
}

fn of_field(api: &Api, field: &Field, at: &TokenStream, presence: Presence) -> Option<TokenStream> {
    let checks = of_value(api, &field.ty, &field.rules)?;
    let name = format_ident!("{}", field.name);
    Some(match presence {
        Presence::Certain => quote! { { let value = &self.#name; let at = #at; #checks } },
        Presence::Optional => quote! { if let Some(value) = &self.#name { let at = #at; #checks } },
        Presence::NullApart => quote! { if let Some(Some(value)) = &self.#name { let at = #at; #checks } },
    })
}

fn applies(rules: &Rules) -> bool {
    let Rules {
        pattern: _,
        ref items,
        ..
    } = *rules;
    let without = Rules {
        pattern: None,
        items: None,
        ..rules.clone()
    };
    !without.is_empty() || items.as_deref().is_some_and(applies)
}

/// What breaks a limit, and the limit in words.
fn violations(ty: &Ty, rules: &Rules) -> Vec<(TokenStream, String)> {
    match ty {
        Ty::Integer | Ty::Unsigned | Ty::Number => of_number(ty, rules),
        Ty::String => of_text(&quote! { value }, rules),
        Ty::Secret => of_text(&quote! { value.expose_secret() }, rules),
        Ty::Array(_) => of_list(rules),
        _ => vec![],
    }
}

fn of_number(ty: &Ty, rules: &Rules) -> Vec<(TokenStream, String)> {
    let mut found = vec![];
    if *ty == Ty::Number {
        // JSON has no word for it, and `null` would be sent in its place.
        found.push((
            quote! { !value.is_finite() },
            "must be a finite number".to_owned(),
        ));
    }
    found.extend(of_list_of_numbers(ty, &rules.numbers));
    let compare = |bound: &Number, operator: TokenStream| match (ty, bound.as_i64(), bound.as_u64()) {
        (Ty::Integer, Some(bound), _) => {
            let bound = Literal::i64_unsuffixed(bound);
            quote! { *value #operator #bound }
        }
        (Ty::Unsigned, _, Some(bound)) => {
            let bound = Literal::u64_unsuffixed(bound);
            quote! { *value #operator #bound }
        }
        _ => {
            let bound = Literal::f64_suffixed(bound.as_f64().unwrap_or_default());
            match ty {
                Ty::Number => quote! { *value #operator #bound },
                _ => quote! { (*value as f64) #operator #bound },
            }
        }
    };
    if let Some(bound) = rules
        .minimum
        .as_ref()
        .filter(|bound| rules.exclusive_minimum || !is_least(ty, bound))
    {
        found.push(match rules.exclusive_minimum {
            true => (
                compare(bound, quote! { <= }),
                format!("must be more than {bound}"),
            ),
            false => (compare(bound, quote! { < }), format!("must be at least {bound}")),
        });
    }
    if let Some(bound) = rules
        .maximum
        .as_ref()
        .filter(|bound| rules.exclusive_maximum || !is_greatest(ty, bound))
    {
        found.push(match rules.exclusive_maximum {
            true => (
                compare(bound, quote! { >= }),
                format!("must be less than {bound}"),
            ),
            false => (compare(bound, quote! { > }), format!("must be at most {bound}")),
        });
    }
    found
}

/// Whether a number is none of those that are listed.
fn of_list_of_numbers(ty: &Ty, numbers: &[Number]) -> Option<(TokenStream, String)> {
    if numbers.is_empty() {
        return None;
    }
    let listed = numbers.iter().filter_map(|number| match ty {
        Ty::Integer => number.as_i64().map(Literal::i64_unsuffixed),
        Ty::Unsigned => number.as_u64().map(Literal::u64_unsuffixed),
        _ => number.as_f64().map(Literal::f64_unsuffixed),
    });
    let listed: Vec<Literal> = listed.collect();
    let words: Vec<String> = numbers.iter().map(Number::to_string).collect();
    Some((
        quote! { ![#(#listed),*].contains(value) },
        format!("must be one of {}", words.join(", ")),
    ))
}

/// Whether no value of the type is below a bound, so that the compiler would find the comparison useless.
fn is_least(ty: &Ty, bound: &Number) -> bool {
    match ty {
        Ty::Integer => bound.as_i64() == Some(i64::MIN),
        Ty::Unsigned => bound.as_u64() == Some(0),
        _ => false,
    }
}

fn is_greatest(ty: &Ty, bound: &Number) -> bool {
    match ty {
        Ty::Integer => bound.as_i64() == Some(i64::MAX),
        Ty::Unsigned => bound.as_u64() == Some(u64::MAX),
        _ => false,
    }
}

fn of_text(value: &TokenStream, rules: &Rules) -> Vec<(TokenStream, String)> {
    let mut found = vec![];
    if let Some(length) = rules.min_length {
        let bound = Literal::u64_unsuffixed(length);
        found.push((
            quote! { #value.chars().count() < #bound },
            format!("must have at least {length} characters"),
        ));
    }
    if let Some(length) = rules.max_length {
        let bound = Literal::u64_unsuffixed(length);
        found.push((
            quote! { #value.chars().count() > #bound },
            format!("must have at most {length} characters"),
        ));
    }
    if rules.uuid {
        found.push((
            quote! { !crate::open::is_uuid(#value) },
            "must be a UUID".to_owned(),
        ));
    }
    found
}

fn of_list(rules: &Rules) -> Vec<(TokenStream, String)> {
    let mut found = vec![];
    if let Some(count) = rules.min_items {
        let bound = Literal::u64_unsuffixed(count);
        found.push((
            quote! { value.len() < #bound },
            format!("must have at least {count} items"),
        ));
    }
    if let Some(count) = rules.max_items {
        let bound = Literal::u64_unsuffixed(count);
        found.push((
            quote! { value.len() > #bound },
            format!("must have at most {count} items"),
        ));
    }
    if rules.unique_items {
        let twice = quote! { (1..value.len()).any(|last| value[..last].contains(&value[last])) };
        found.push((twice, "must not have an item twice".to_owned()));
    }
    found
}
