//! Reten's permissions, and which role holds which (Reten roles-permissions page).

/// All twenty. The last two are named on other pages; that they belong to this list is inferred from its count.
pub(super) const ALL: [&str; 20] = [
    "CREATE_USER",
    "VIEW_USERS",
    "UPDATE_USER",
    "DELETE_USER",
    "RESET_USER_PASSWORD",
    "CREATE_TENANT",
    "VIEW_TENANTS",
    "UPDATE_TENANT",
    "DELETE_TENANT",
    "MANAGE_COMMERCES",
    "SYNC_COMMERCES",
    "MANAGE_OPERATORS",
    "SYNC_OPERATORS",
    "MANAGE_ROUTES",
    "VIEW_ACTIVITIES",
    "CREATE_ACTIVITY",
    "CANCEL_ACTIVITY",
    "MANAGE_ACTIVITY_CONFIG",
    "SUBMIT_ACTIVITY_RESULT",
    "MANAGE_API_KEYS",
];

/// What an `ADMIN` holds. That the last three are among them is inferred: integration/authentication lets an
/// `ADMIN` create keys, and a key may hold no permission that its creator lacks.
pub(super) const ADMIN: [&str; 16] = [
    "CREATE_USER",
    "VIEW_USERS",
    "UPDATE_USER",
    "RESET_USER_PASSWORD",
    "VIEW_TENANTS",
    "MANAGE_COMMERCES",
    "SYNC_COMMERCES",
    "MANAGE_OPERATORS",
    "SYNC_OPERATORS",
    "MANAGE_ROUTES",
    "VIEW_ACTIVITIES",
    "CREATE_ACTIVITY",
    "CANCEL_ACTIVITY",
    "MANAGE_ACTIVITY_CONFIG",
    "SUBMIT_ACTIVITY_RESULT",
    "MANAGE_API_KEYS",
];

/// The permission that an operation asks for, as each page states it; `None` where any signed-in user will do.
pub(super) fn of_operation(id: &str) -> Option<&'static str> {
    match id {
        "createApiKey" | "listApiKeys" | "revokeApiKey" => Some("MANAGE_API_KEYS"),
        "listCommerces" => Some("MANAGE_COMMERCES"),
        "listActivities" | "listTaskResultTypeConfigs" => Some("VIEW_ACTIVITIES"),
        _ => None,
    }
}
