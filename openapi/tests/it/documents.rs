//! Small documents, one in each version of OpenAPI.

use keyway_openapi::Contract;
use serde_json::{Value, json};

/// A contract with `POST /things` (operation `send`), whose body and answer have the given schema.
pub(crate) fn of_schema(openapi: &str, schema: &Value, components: &Value) -> Contract {
    parse(json!({
        "openapi": openapi,
        "info": { "title": "One schema", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "send",
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
            "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": schema } } } }
        } } },
        "components": { "schemas": components }
    }))
}

/// A contract with `GET /things/{id}` (operation `read`) and the given parameters.
pub(crate) fn of_parameters(parameters: &Value) -> Contract {
    parse(json!({
        "openapi": "3.1.0",
        "info": { "title": "Parameters", "version": "1" },
        "paths": { "/things/{id}": { "get": {
            "operationId": "read",
            "parameters": parameters,
            "responses": { "204": { "description": "ok" } }
        } } }
    }))
}

/// A contract whose operations are the given methods and paths; each id is method and path.
pub(crate) fn of_routes(server: &str, routes: &[(&str, &str)]) -> Contract {
    let mut paths = json!({});
    for (method, path) in routes {
        paths[*path][method.to_ascii_lowercase()] =
            json!({ "responses": { "204": { "description": "ok" } } });
    }
    parse(json!({
        "openapi": "3.0.3",
        "info": { "title": "Routes", "version": "1" },
        "servers": [{ "url": server, "variables": { "base": { "default": "https://a-tenant.example" } } }],
        "paths": paths
    }))
}

/// Parses and compiles, so that no test passes on a schema that nobody looked at.
pub(crate) fn parse(document: Value) -> Contract {
    let contract = Contract::parse(document).unwrap();
    contract.compile().unwrap();
    contract
}
