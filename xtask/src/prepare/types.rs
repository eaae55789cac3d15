//! From schemas to types: which schemas are named types, and what stands in each place.

use std::collections::BTreeMap;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value, json};

use super::compose::only_demands;
use super::{Pass, names, prose, rules, text};
use crate::document::pointer;
use crate::lower::Fix;
use crate::model::{Definition, Field, Rules, Shape, Struct, Tag, Ty, Variant};

const COMPONENTS: &str = "/components/schemas";

/// How much stack must be left before a reference is followed, and how much is added where less is.
const RED_ZONE: usize = 256 * 1024;
const FURTHER_STACK: usize = 4 * 1024 * 1024;

/// What generated types are written with, so that none of them may be called that.
const RUSTS_OWN: [&str; 9] = [
    "String",
    "Option",
    "Vec",
    "Box",
    "Default",
    "From",
    "Into",
    "Result",
    "UnknownValue",
];

/// The types found so far.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) definitions: IndexMap<String, Definition>,
    /// Rust names by component names.
    components: BTreeMap<String, String>,
    /// Component names by Rust names, also of those that are not defined yet.
    owners: BTreeMap<String, String>,
    /// The components whose contents are being looked into, to stop at a circle.
    open: IndexSet<String>,
    /// What stands for a component, once that is known for good.
    settled: BTreeMap<String, Slot>,
    /// How often a circle has been met.
    circles: usize,
    /// What `allOf` makes of a reference, once that is known: many may lead to the same place.
    pub(super) merged: BTreeMap<String, Map<String, Value>>,
}

/// What stands in a place: a type, whether `null` may stand there too, and the limits.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) ty: Ty,
    pub(super) nullable: bool,
    pub(super) rules: Rules,
}

impl Slot {
    pub(super) fn plain(ty: Ty) -> Self {
        Self {
            ty,
            nullable: false,
            rules: Rules::default(),
        }
    }

    /// The type with its nullability, for lists and maps.
    pub(super) fn item(self) -> Ty {
        match self.nullable && self.ty != Ty::Json {
            true => Ty::Nullable(Box::new(self.ty)),
            false => self.ty,
        }
    }
}

impl<'a> Pass<'a> {
    /// Gives every component its Rust name, before anything refers to it. A name that an overlay chose stands for itself;
    /// of others that are alike, the later ones get numbers.
    pub(super) fn name_components(&mut self) {
        let plain: Vec<(&'a String, String, bool)> = self
            .component_schemas()
            .map(|(component, schema)| {
                let chosen = chosen_name(schema);
                let is_chosen = chosen.is_some();
                (
                    component,
                    chosen.unwrap_or_else(|| usable(names::pascal(component))),
                    is_chosen,
                )
            })
            .collect();
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        for (component, name, _) in plain.iter().filter(|(.., is_chosen)| *is_chosen) {
            if let Some(other) = owners.insert(name.clone(), (*component).clone()) {
                let at = pointer(COMPONENTS, component);
                let reason = format!("its name is `{name}`, as that of {}", pointer(COMPONENTS, other));
                self.refuse_name(&at, name, reason);
            }
        }
        for (component, name, is_chosen) in &plain {
            if *is_chosen {
                self.types.components.insert((*component).clone(), name.clone());
                continue;
            }
            // A number must not take the name of a component that comes later and has it by right.
            let is_taken = |wanted: &str| {
                owners.contains_key(wanted)
                    || (wanted != name && plain.iter().any(|(_, other, _)| other == wanted))
            };
            let free = names::free(name, "", is_taken);
            let plain = names::pascal(component);
            if free != plain {
                self.renamed(&pointer(COMPONENTS, component), &plain, &free);
            }
            owners.insert(free.clone(), (*component).clone());
            self.types.components.insert((*component).clone(), free);
        }
        self.types.owners = owners;
    }

    fn refuse_name(&mut self, at: &str, name: &str, reason: String) {
        let fix = Fix::Update(at.to_owned(), json!({ "x-schema-name": format!("{name}2") }));
        self.refuse_with(
            at,
            reason,
            "give one of them another x-schema-name in the overlay",
            &fix,
        );
    }

    fn renamed(&mut self, at: &str, wanted: &str, name: &str) {
        self.lose(
            at,
            "renamed",
            &format!("the name `{wanted}`, which another has: it is `{name}`"),
        );
    }

    /// Defines the components that are named types; the others stand for themselves wherever they are referred to.
    pub(super) fn define_components(&mut self) {
        for (component, schema) in self.component_schemas() {
            let at = pointer(COMPONENTS, component);
            let name = self.types.components[component].clone();
            self.slot(schema, &name, &at);
        }
    }

    fn component_schemas(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        let document = self.document;
        document
            .pointer(COMPONENTS)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    }

    /// What stands where `schema` does. `name` is what the type is called if it needs a name.
    pub(super) fn slot(&mut self, schema: &Value, name: &str, at: &str) -> Slot {
        let nullable = schema.get("nullable") == Some(&json!(true));
        let mut slot = self.bare_slot(schema, name, at);
        slot.nullable |= nullable;
        slot
    }

    fn bare_slot(&mut self, schema: &Value, name: &str, at: &str) -> Slot {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.referred(reference, at);
        }
        let name = &chosen_name(schema).unwrap_or_else(|| name.to_owned());
        if schema.get("allOf").is_some() {
            return self.all_of(schema, name, at);
        }
        if let Some(values) = known_strings(schema) {
            return self.open_enum(schema, &values, name, at);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
                if branches.iter().all(only_demands) {
                    self.lose(
                        &pointer(at, keyword),
                        "demands-unchecked",
                        "which of its properties an object must have",
                    );
                    continue;
                }
                return self.choice(schema, branches, name, &pointer(at, keyword));
            }
        }
        self.by_type(schema, name, at)
    }

    fn by_type(&mut self, schema: &Value, name: &str, at: &str) -> Slot {
        // What is only inferred is no promise of the contract, but a hint to the client: it takes a text all the same.
        let format = schema.get("format").or_else(|| schema.get("x-inferred-format"));
        let format = text(format);
        let mut limits = rules::of(schema);
        for keyword in ["multipleOf", "minProperties", "maxProperties"] {
            if schema.get(keyword).is_some() {
                let told = format!("that requests are held to `{keyword}`");
                self.lose(&pointer(at, keyword), "limit-unchecked", &told);
            }
        }
        if format == "password" && !matches!(text(schema.get("type")), "" | "string") {
            self.refuse(
                &pointer(at, "format"),
                "only a text can be guarded as a secret",
                "say `type: string` in the overlay, or remove `format: password`",
            );
        }
        for (keyword, told) in [
            ("not", "what requests must not be"),
            ("xml", "how it is written as XML"),
        ] {
            if schema.get(keyword).is_some() {
                self.lose(&pointer(at, keyword), "keyword-unused", told);
            }
        }
        // Texts have types of their own, and of numbers requests are held to the list.
        if schema.get("enum").is_some() && rules::numbers(schema).is_none() {
            let told = "that requests are held to the listed values";
            self.lose(&pointer(at, "enum"), "enum-unchecked", told);
        }
        let ty = match text(schema.get("type")) {
            "string" => self.string(format, at),
            "integer" => self.integer(format, &mut limits, at),
            "number" => Ty::Number,
            "boolean" => Ty::Boolean,
            "array" => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                let items = self.slot(&items, &format!("{name}Item"), &pointer(at, "items"));
                limits.items = (!items.rules.is_empty()).then(|| Box::new(items.rules.clone()));
                Ty::Array(Box::new(items.item()))
            }
            "" if format == "password" => Ty::Secret,
            "" if !has(schema, "properties") && !has(schema, "additionalProperties") => Ty::Json,
            "object" | "" => return self.object(schema, name, at),
            other => {
                self.refuse(
                    &pointer(at, "type"),
                    format!("`{other}` is no type"),
                    "correct it in the overlay",
                );
                Ty::Json
            }
        };
        Slot {
            ty,
            nullable: false,
            rules: limits,
        }
    }

    /// An integer of 64 bits, held to fewer where its format has fewer.
    fn integer(&mut self, format: &str, limits: &mut Rules, at: &str) -> Ty {
        let range = match format {
            "int8" => Some((i8::MIN.into(), i8::MAX.into())),
            "int16" => Some((i16::MIN.into(), i16::MAX.into())),
            "int32" => Some((i32::MIN.into(), i32::MAX.into())),
            "uint8" => Some((0, u8::MAX.into())),
            "uint16" => Some((0, u16::MAX.into())),
            "uint32" => Some((0, u32::MAX.into())),
            "" | "int64" | "uint64" | "uint" => None,
            other => {
                self.lose(
                    at,
                    "format-unchecked",
                    &format!("that the number is an `{other}`"),
                );
                None
            }
        };
        if let Some((least, greatest)) = range {
            let (least, greatest): (i64, i64) = (least, greatest);
            limits.minimum.get_or_insert_with(|| least.into());
            limits.maximum.get_or_insert_with(|| greatest.into());
        }
        let named = limits
            .numbers
            .iter()
            .chain(&limits.minimum)
            .chain(&limits.maximum);
        let is_large = named
            .into_iter()
            .any(|number| number.is_u64() && !number.is_i64());
        let is_negative = limits
            .minimum
            .as_ref()
            .is_some_and(|least| least.as_i64().is_some_and(|least| least < 0));
        match matches!(format, "uint64" | "uint") || (is_large && !is_negative) {
            true => Ty::Unsigned,
            false => Ty::Integer,
        }
    }

    /// Formats are told apart where a client gains by it. An odd UUID, date or address must not cost the whole answer, so
    /// these stay text.
    fn string(&mut self, format: &str, at: &str) -> Ty {
        match format {
            "password" => Ty::Secret,
            "date-time" => Ty::Timestamp,
            "binary" => Ty::Upload,
            "" => Ty::String,
            other => {
                self.lose(at, "format-as-text", &format!("that the text is a `{other}`"));
                Ty::String
            }
        }
    }

    fn object(&mut self, schema: &Value, name: &str, at: &str) -> Slot {
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .filter(|map| !map.is_empty());
        let further_at = pointer(at, "additionalProperties");
        let further = match schema.get("additionalProperties") {
            Some(further @ Value::Object(keywords)) if !keywords.is_empty() => {
                Some(self.slot(further, &format!("{name}Value"), &further_at))
            }
            _ => None,
        };
        let Some(properties) = properties else {
            let Some(value) = further else {
                return Slot::plain(Ty::JsonObject);
            };
            let items = (!value.rules.is_empty()).then(|| Box::new(value.rules.clone()));
            return Slot {
                rules: Rules {
                    items,
                    ..Rules::default()
                },
                ..Slot::plain(Ty::Map(Box::new(value.item())))
            };
        };
        match &further {
            Some(further) if !further.rules.is_empty() => {
                let told = "that requests are held to the limits of properties without a name";
                self.lose(&further_at, "limit-unchecked", told);
            }
            None if schema.get("additionalProperties") == Some(&json!(true)) => {
                let told = "properties without a name: they are neither sent nor read";
                self.lose(&further_at, "further-properties", told);
            }
            _ => {}
        }
        let further = further.map(Slot::item);
        let claim = self.claim(name, schema, at);
        let name = &claim.name;
        if !claim.is_new {
            return Slot::plain(Ty::Named(name.clone()));
        }
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for undeclared in required.iter().filter(|key| !properties.contains_key(**key)) {
            let told = format!("that `{undeclared}` is always there, which no property describes");
            self.lose(&pointer(at, "required"), "required-undeclared", &told);
        }
        let mut fields: Vec<Field> = vec![];
        for (key, property) in properties {
            let here = pointer(&pointer(at, "properties"), key);
            let mut is_required = required.contains(&key.as_str());
            if is_required && travels_one_way(property) {
                // One struct serves both ways, and in one of them the property is not there.
                self.lose(
                    &here,
                    "one-way-property",
                    "that it is always there the way it travels",
                );
                is_required = false;
            }
            let mut field = self.field(key, property, is_required, name, &here);
            field.name = names::free(&field.name, "_", |name| {
                fields.iter().any(|other| other.name == name)
            });
            fields.push(field);
        }
        if further.is_some() {
            self.lose(at, "further-properties", "");
        }
        self.fill(name, Shape::Struct(Struct { fields, further }));
        Slot::plain(Ty::Named(name.clone()))
    }

    /// A property or a parameter.
    pub(super) fn field(
        &mut self,
        key: &str,
        schema: &Value,
        required: bool,
        owner: &str,
        at: &str,
    ) -> Field {
        let slot = self.slot(schema, &format!("{owner}{}", names::pascal(key)), at);
        Field {
            key: key.to_owned(),
            name: names::snake(key),
            docs: prose(schema),
            ty: slot.ty,
            required,
            nullable: slot.nullable,
            null_apart: schema.get("x-send-null") == Some(&json!(true)),
            default: schema.get("default").map(Value::to_string),
            rules: slot.rules,
            boxed: false,
        }
    }

    /// The document's list of known strings becomes an enum that a later string does not break.
    pub(super) fn open_enum(&mut self, schema: &Value, values: &[String], name: &str, at: &str) -> Slot {
        let given: Vec<&str> = schema
            .get("x-enum-varnames")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let named = match given.len() == values.len() {
            true => given.into_iter().map(names::pascal).collect(),
            false => names::variants(values),
        };
        let variants: Vec<Variant> = named
            .into_iter()
            .zip(values.iter().cloned())
            .map(|(name, value)| Variant { name, value })
            .collect();
        let clash = variants.iter().enumerate().find(|(index, variant)| {
            variant.name == "Unknown" || variants[..*index].iter().any(|other| other.name == variant.name)
        });
        if let Some((_, variant)) = clash {
            let here = pointer(at, "x-enum-varnames");
            self.refuse_without(
                &here,
                &here,
                format!("`{}` is taken", variant.name),
                "choose another name in the overlay, or none",
            );
        }
        let claim = self.claim(name, schema, at);
        if claim.is_new {
            self.fill(&claim.name, Shape::OpenEnum(variants));
        }
        Slot {
            ty: Ty::Named(claim.name),
            nullable: has_null(schema),
            rules: Rules::default(),
        }
    }

    fn referred(&mut self, reference: &str, at: &str) -> Slot {
        let found = reference
            .strip_prefix('#')
            .and_then(|target| Some((target, self.document.pointer(target)?)));
        let Some((target, schema)) = found else {
            self.refuse(
                at,
                format!("`{reference}` names no schema here"),
                "correct it in the overlay",
            );
            return Slot::plain(Ty::Json);
        };
        let own = target
            .strip_prefix(COMPONENTS)
            .and_then(|rest| rest.strip_prefix('/'));
        let component = match own {
            Some(own) if !own.contains('/') => own.replace("~1", "/").replace("~0", "~"),
            _ => target.to_owned(),
        };
        let name = match self.types.components.get(&component) {
            Some(name) => name.clone(),
            None => name_of_place(target),
        };
        if let Some(slot) = self.types.settled.get(&component) {
            return slot.clone();
        }
        if !self.types.open.insert(component.clone()) {
            // Only a named type can hold itself; what else does would have no end.
            self.types.circles += 1;
            return Slot::plain(Ty::Named(name));
        }
        let circles = self.types.circles;
        // References may lead from schema to schema for as long as there are schemas, which is longer than a stack.
        let slot = stacker::maybe_grow(RED_ZONE, FURTHER_STACK, || self.slot(schema, &name, target));
        self.types.open.pop();
        // What was cut short at a circle is only that here.
        if self.types.circles == circles {
            self.types.settled.insert(component, slot.clone());
        }
        slot
    }

    /// Claims a name for a schema. Where another schema has it, a name that an overlay chose is a mistake; one that was
    /// made up gets a number.
    pub(super) fn claim(&mut self, name: &str, schema: &Value, at: &str) -> Claim {
        let is_chosen = chosen_name(schema).is_some();
        let wanted = match is_chosen {
            true => name.to_owned(),
            false => usable(name.to_owned()),
        };
        if is_chosen && RUSTS_OWN.contains(&name) {
            self.refuse_name(
                at,
                name,
                format!("`{name}` is Rust's own and used in every client"),
            );
        }
        let mut name = wanted.clone();
        let mut count = 2;
        loop {
            match self.holder(&name, schema, at) {
                Holder::Nobody => break,
                Holder::TheSame => return Claim { name, is_new: false },
                Holder::Another(other) if is_chosen => {
                    let reason = format!("its name is `{name}`, as that of {other}, and they differ");
                    self.refuse_name(at, &name, reason);
                    return Claim { name, is_new: false };
                }
                Holder::Another(_) => {
                    name = format!("{wanted}{count}");
                    count += 1;
                }
            }
        }
        if name != wanted {
            self.renamed(at, &wanted, &name);
        }
        let definition = Definition {
            pointer: at.to_owned(),
            docs: prose(schema),
            met: String::new(),
            shape: Shape::OpenEnum(vec![]),
            tag: None,
            sent: false,
            received: false,
        };
        self.types.definitions.insert(name.clone(), definition);
        Claim { name, is_new: true }
    }

    /// Who has a name.
    fn holder(&self, name: &str, schema: &Value, at: &str) -> Holder {
        if let Some(there) = self.types.definitions.get(name) {
            let same = there.pointer == at
                || self
                    .document
                    .pointer(&there.pointer)
                    .is_some_and(|there| means_the_same(there, schema));
            return match same {
                true => Holder::TheSame,
                false => Holder::Another(there.pointer.clone()),
            };
        }
        match self
            .types
            .owners
            .get(name)
            .map(|component| pointer(COMPONENTS, component))
        {
            Some(owner) if owner != at && chosen_name(schema).is_none() => Holder::Another(owner),
            _ => Holder::Nobody,
        }
    }

    /// Says of a choice what tells its branches apart.
    pub(super) fn tag(&mut self, name: &str, tag: Tag) {
        if let Some(definition) = self.types.definitions.get_mut(name) {
            definition.tag = Some(tag);
        }
    }

    /// Gives a reserved name its contents.
    pub(super) fn fill(&mut self, name: &str, shape: Shape) {
        if let Some(definition) = self.types.definitions.get_mut(name) {
            definition.shape = shape;
        }
    }
}

/// A name that was claimed, and whether it is new or the same schema has it already.
#[derive(Debug)]
pub(super) struct Claim {
    pub(super) name: String,
    pub(super) is_new: bool,
}

enum Holder {
    Nobody,
    TheSame,
    Another(String),
}

/// What a schema is called that others refer to where it is used.
fn name_of_place(target: &str) -> String {
    let is_frame = |step: &str| {
        matches!(
            step,
            "paths" | "components" | "schema" | "schemas" | "content" | "properties" | "items" | ""
        )
    };
    let steps: Vec<&str> = target.split('/').filter(|step| !is_frame(step)).collect();
    let last = steps.len().saturating_sub(3);
    usable(names::pascal(
        &steps[last..].join(" ").replace("~1", " ").replace("~0", " "),
    ))
}

/// A name for a type that is not Rust's own.
fn usable(name: String) -> String {
    match RUSTS_OWN.contains(&name.as_str()) {
        true => format!("{name}Type"),
        false => name,
    }
}

/// The name that an overlay gives to a schema.
pub(super) fn chosen_name(schema: &Value) -> Option<String> {
    schema
        .get("x-schema-name")
        .and_then(Value::as_str)
        .map(names::pascal)
}

fn travels_one_way(property: &Value) -> bool {
    ["readOnly", "writeOnly"]
        .iter()
        .any(|keyword| property.get(keyword) == Some(&json!(true)))
}

/// The values of an enum of strings; `null` among them is nullability.
pub(super) fn known_strings(schema: &Value) -> Option<Vec<String>> {
    let values = schema.get("enum")?.as_array()?;
    if !matches!(text(schema.get("type")), "" | "string") || text(schema.get("format")) == "password" {
        return None;
    }
    let mut known: Vec<String> = vec![];
    for value in values.iter().filter(|value| !value.is_null()) {
        let value = value.as_str()?.to_owned();
        if !known.contains(&value) {
            known.push(value);
        }
    }
    (!known.is_empty()).then_some(known)
}

fn has(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword).is_some_and(|value| *value != json!(false))
}

fn has_null(schema: &Value) -> bool {
    schema
        .get("enum")
        .and_then(Value::as_array)
        .is_some_and(|values| values.contains(&Value::Null))
}

/// Whether two schemas make the same type: prose and examples do not count.
fn means_the_same(left: &Value, right: &Value) -> bool {
    fn bare(value: &Value) -> Value {
        match value {
            Value::Object(object) => {
                let says =
                    |key: &str| !matches!(key, "description" | "summary" | "title" | "example" | "nullable");
                Value::Object(
                    object
                        .iter()
                        .filter(|(key, _)| says(key))
                        .map(|(key, value)| (key.clone(), bare(value)))
                        .collect(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
            other => other.clone(),
        }
    }
    bare(left) == bare(right)
}
