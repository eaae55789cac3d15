//! Cuts progenitor's methods off where the request is built.
//!
//! Its methods go on to send the request. Attempts, credentials and what went wrong could not get through that, so only the
//! building is kept; sending is `sdk/src/transport`.

use anyhow::{Context as _, Result};
use quote::ToTokens as _;
use syn::visit_mut::{self, VisitMut};

/// The header with which progenitor tells a version that no vendor asks for.
const VERSION_HEADER: &str = "api-version";

/// The methods of the client that progenitor wrote, each of them ending with its request.
pub(super) fn requests_of(file: syn::File) -> Result<Vec<syn::ImplItemFn>> {
    let blocks = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    blocks
        .flat_map(|block| block.items)
        .filter_map(|item| match item {
            syn::ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
            _ => None,
        })
        .map(|method| {
            let name = method.sig.ident.to_string();
            request_of(method).with_context(|| format!("progenitor's method `{name}` builds no request"))
        })
        .collect()
}

/// The same method as one that returns its request instead of sending it.
fn request_of(mut method: syn::ImplItemFn) -> Option<syn::ImplItemFn> {
    let statements = std::mem::take(&mut method.block.stmts);
    let mut kept = vec![];
    let mut built = None;
    for statement in statements {
        match built_by(&statement) {
            Some(request) => {
                built = Some(request);
                break;
            }
            None => kept.push(located(statement)),
        }
    }
    let mut request = built?;
    kept.retain(|statement| !tells_version(statement));
    if !kept.iter().any(appends_header) {
        kept.retain(|statement| local_name(statement).as_deref() != Some("header_map"));
        WithoutHeaders.visit_expr_mut(&mut request);
    }
    method.block.stmts = kept;
    method
        .block
        .stmts
        .push(syn::Stmt::Expr(syn::parse_quote! { Ok(#request) }, None));
    method.attrs = summary(&method.attrs).into_iter().collect();
    method.sig.asyncness = None;
    method.sig.output = syn::parse_quote! { -> Result<reqwest::Request, crate::transport::Unbuildable> };
    Some(method)
}

/// `let url = …;` as a path below the root, which is a URL already; progenitor would parse both for each request.
fn located(mut statement: syn::Stmt) -> syn::Stmt {
    if local_name(&statement).as_deref() == Some("url")
        && let syn::Stmt::Local(local) = &mut statement
        && let Some(init) = &mut local.init
    {
        let path = &init.expr;
        init.expr = syn::parse_quote! { self.root.at(&#path) };
    }
    statement
}

/// The first line of the documentation, which names method and path; the rest says that the request is sent.
fn summary(attributes: &[syn::Attribute]) -> Option<syn::Attribute> {
    let text = attributes.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })?;
    let line = format!(" {}", text.lines().next()?.trim());
    Some(syn::parse_quote! { #[doc = #line] })
}

/// What `let mut request = ….build()?;` builds.
fn built_by(statement: &syn::Stmt) -> Option<syn::Expr> {
    let syn::Stmt::Local(local) = statement else {
        return None;
    };
    if local_name(statement)? != "request" {
        return None;
    }
    Some((*local.init.as_ref()?.expr).clone())
}

fn local_name(statement: &syn::Stmt) -> Option<String> {
    match statement {
        syn::Stmt::Local(local) => match &local.pat {
            syn::Pat::Ident(name) => Some(name.ident.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn tells_version(statement: &syn::Stmt) -> bool {
    appends_header(statement) && statement.to_token_stream().to_string().contains(VERSION_HEADER)
}

fn appends_header(statement: &syn::Stmt) -> bool {
    let text = statement.to_token_stream().to_string();
    local_name(statement).is_none() && text.contains("header_map")
}

/// Takes `.headers(header_map)` out of a chain of calls.
struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        if let syn::Expr::MethodCall(call) = expression
            && call.method == "headers"
        {
            *expression = (*call.receiver).clone();
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}
