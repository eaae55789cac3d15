// Written by `cargo xtask generate`; do not edit.

/// What stands between a client's base URL and the paths of the document.
pub(crate) const SERVER_PATH: &str = "";
impl crate::reten::Client {
    /// List API Keys
    ///
    /// All keys of the signed-in user in the active tenant, revoked ones too, the newest first. There are no pages. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `GET /api/api-keys`: <https://docs-development.reten.ai/api-reference/api-keys/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiKeysError::BadRequest), 401 is [`Unauthorized`](types::ListApiKeysError::Unauthorized), 403 is [`Forbidden`](types::ListApiKeysError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_api_keys(
        &self,
        params: &types::ListApiKeysParams,
    ) -> Result<::std::vec::Vec<types::ApiKey>, crate::Error<types::ListApiKeysError>> {
        params.check()?;
        self.session
            .call(
                &|| self.requests.list_api_keys(params.x_tenant_id.as_deref()),
                &operations::LIST_API_KEYS,
                |status, body| match status {
                    200 => {
                        Some(
                            crate::wire::json::<Option<_>>(body)
                                .map(Option::unwrap_or_default),
                        )
                    }
                    _ => None,
                },
            )
            .await
    }

    /// Create API Key
    ///
    /// Makes a key for the signed-in user in the active tenant. Its plaintext is in this answer and can never be had again; whoever loses it revokes the key and makes another. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `POST /api/api-keys`: <https://docs-development.reten.ai/api-reference/api-keys/create>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
        params: &types::CreateApiKeyParams,
    ) -> Result<types::CreatedApiKey, crate::Error<types::CreateApiKeyError>> {
        params.check()?;
        body.check("")?;
        self.session
            .call(
                &|| self.requests.create_api_key(params.x_tenant_id.as_deref(), body),
                &operations::CREATE_API_KEY,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Revoke API Key
    ///
    /// Ends a key of the signed-in user for good: it authenticates no longer, but its record stays for audit. Takes no body. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `POST /api/api-keys/{id}/revoke`: <https://docs-development.reten.ai/api-reference/api-keys/revoke>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::RevokeApiKeyError::BadRequest), 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn revoke_api_key(
        &self,
        id: &str,
        params: &types::RevokeApiKeyParams,
    ) -> Result<types::RevokedApiKey, crate::Error<types::RevokeApiKeyError>> {
        {
            let value = id;
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        params.check()?;
        self.session
            .call(
                &|| self.requests.revoke_api_key(id, params.x_tenant_id.as_deref()),
                &operations::REVOKE_API_KEY,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Login
    ///
    /// Signs a user in by name or email and password. Public: no credential is needed.
    ///
    /// `POST /api/auth/login`: <https://docs-development.reten.ai/api-reference/authentication/login>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::LoginError::BadRequest), 401 is [`Unauthorized`](types::LoginError::Unauthorized), 413 is [`ContentTooLarge`](types::LoginError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::LoginError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn login(
        &self,
        body: &types::LoginRequest,
    ) -> Result<types::LoginResponse, crate::Error<types::LoginError>> {
        body.check("")?;
        self.session
            .call(
                &|| self.requests.login(body),
                &operations::LOGIN,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Refresh
    ///
    /// Trades the cookie `refreshToken` for a new access token and a new cookie. Public: nothing but the cookie is needed.
    ///
    /// `POST /api/auth/refresh`: <https://docs-development.reten.ai/api-reference/authentication/refresh>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RefreshError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn refresh(
        &self,
    ) -> Result<types::RefreshResponse, crate::Error<types::RefreshError>> {
        self.session
            .call(
                &|| self.requests.refresh(),
                &operations::REFRESH,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Logout
    ///
    /// Clears the cookie `refreshToken`. Public: no credential is needed.
    ///
    /// `POST /api/auth/logout`: <https://docs-development.reten.ai/api-reference/authentication/logout>
    ///
    /// # Errors
    ///
    /// No refusal is declared.
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn logout(
        &self,
    ) -> Result<types::LogoutResponse, crate::Error<types::LogoutError>> {
        self.session
            .call(
                &|| self.requests.logout(),
                &operations::LOGOUT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Current user
    ///
    /// Who is signed in, with tenants and roles. Open to every signed-in user.
    ///
    /// `GET /api/auth/me`: <https://docs-development.reten.ai/api-reference/authentication/me>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetCurrentUserError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_current_user(
        &self,
    ) -> Result<types::CurrentUser, crate::Error<types::GetCurrentUserError>> {
        self.session
            .call(
                &|| self.requests.get_current_user(),
                &operations::GET_CURRENT_USER,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// My Tenants
    ///
    /// The tenants of the signed-in user; the id of one is what `x-tenant-id` takes. Open to every signed-in user, without a tenant.
    ///
    /// `GET /api/tenant/mine`: <https://docs-development.reten.ai/api-reference/tenants/my-tenants>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListMyTenantsError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_my_tenants(
        &self,
    ) -> Result<
        ::std::vec::Vec<types::TenantSummary>,
        crate::Error<types::ListMyTenantsError>,
    > {
        self.session
            .call(
                &|| self.requests.list_my_tenants(),
                &operations::LIST_MY_TENANTS,
                |status, body| match status {
                    200 => {
                        Some(
                            crate::wire::json::<Option<_>>(body)
                                .map(Option::unwrap_or_default),
                        )
                    }
                    _ => None,
                },
            )
            .await
    }

    /// List Commerces
    ///
    /// One page of the tenant's commerces. Needs permission `MANAGE_COMMERCES`.
    ///
    /// `GET /api/commerces`: <https://docs-development.reten.ai/api-reference/commerces/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListCommercesError::BadRequest), 401 is [`Unauthorized`](types::ListCommercesError::Unauthorized), 403 is [`Forbidden`](types::ListCommercesError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_commerces(
        &self,
        params: &types::ListCommercesParams,
    ) -> Result<types::CommerceList, crate::Error<types::ListCommercesError>> {
        params.check()?;
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_commerces(
                            params.external_id.as_deref(),
                            params.global_external_id.as_deref(),
                            params.is_active,
                            params.is_placeholder,
                            params.limit,
                            params.page,
                            params.per_page,
                            params.search.as_deref(),
                            params.x_tenant_id.as_deref(),
                        )
                },
                &operations::LIST_COMMERCES,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// List Activities
    ///
    /// One page of the tenant's activities. Needs permission `VIEW_ACTIVITIES`. The channels are those of the guide on reading activities; `reason` and `userStatus` are on the Spanish page only.
    ///
    /// `GET /api/activities`: <https://docs-development.reten.ai/api-reference/activities/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListActivitiesError::BadRequest), 401 is [`Unauthorized`](types::ListActivitiesError::Unauthorized), 403 is [`Forbidden`](types::ListActivitiesError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_activities(
        &self,
        params: &types::ListActivitiesParams,
    ) -> Result<types::ActivityList, crate::Error<types::ListActivitiesError>> {
        params.check()?;
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_activities(
                            params.channel.as_ref().map(|value| value.as_str()),
                            params.commerce_id.as_deref(),
                            params.limit,
                            params.page,
                            params.per_page,
                            params.scheduled_from.as_ref().map(|value| value.as_str()),
                            params.scheduled_to.as_ref().map(|value| value.as_str()),
                            params.search.as_deref(),
                            params.status.as_ref().map(|value| value.as_str()),
                            params.type_.as_ref().map(|value| value.as_str()),
                            params.x_tenant_id.as_deref(),
                        )
                },
                &operations::LIST_ACTIVITIES,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// List Result Configurations
    ///
    /// The results that may be reported for a task. The vendor's quickstart uses it to try a new key. Needs permission `VIEW_ACTIVITIES` on an API key. The errors are those of the page integration/errors, which speaks for every path under `/api/integration`.
    ///
    /// `GET /api/integration/task-result-type-configs`: <https://docs-development.reten.ai/api-reference/integration/list-configs>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListTaskResultTypeConfigsError::Unauthorized), 403 is [`Forbidden`](types::ListTaskResultTypeConfigsError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_task_result_type_configs(
        &self,
    ) -> Result<
        ::std::vec::Vec<types::TaskResultTypeConfig>,
        crate::Error<types::ListTaskResultTypeConfigsError>,
    > {
        self.session
            .call(
                &|| self.requests.list_task_result_type_configs(),
                &operations::LIST_TASK_RESULT_TYPE_CONFIGS,
                |status, body| match status {
                    200 => {
                        Some(
                            crate::wire::json::<Option<_>>(body)
                                .map(Option::unwrap_or_default),
                        )
                    }
                    _ => None,
                },
            )
            .await
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::reten::Client {
    /// List API Keys
    ///
    /// All keys of the signed-in user in the active tenant, revoked ones too, the newest first. There are no pages. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `GET /api/api-keys`: <https://docs-development.reten.ai/api-reference/api-keys/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiKeysError::BadRequest), 401 is [`Unauthorized`](types::ListApiKeysError::Unauthorized), 403 is [`Forbidden`](types::ListApiKeysError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_api_keys(
        &self,
        params: &types::ListApiKeysParams,
    ) -> Result<::std::vec::Vec<types::ApiKey>, crate::Error<types::ListApiKeysError>> {
        self.wait(self.client.list_api_keys(params))
    }

    /// Create API Key
    ///
    /// Makes a key for the signed-in user in the active tenant. Its plaintext is in this answer and can never be had again; whoever loses it revokes the key and makes another. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `POST /api/api-keys`: <https://docs-development.reten.ai/api-reference/api-keys/create>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
        params: &types::CreateApiKeyParams,
    ) -> Result<types::CreatedApiKey, crate::Error<types::CreateApiKeyError>> {
        self.wait(self.client.create_api_key(body, params))
    }

    /// Revoke API Key
    ///
    /// Ends a key of the signed-in user for good: it authenticates no longer, but its record stays for audit. Takes no body. Needs permission `MANAGE_API_KEYS`.
    ///
    /// `POST /api/api-keys/{id}/revoke`: <https://docs-development.reten.ai/api-reference/api-keys/revoke>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::RevokeApiKeyError::BadRequest), 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn revoke_api_key(
        &self,
        id: &str,
        params: &types::RevokeApiKeyParams,
    ) -> Result<types::RevokedApiKey, crate::Error<types::RevokeApiKeyError>> {
        self.wait(self.client.revoke_api_key(id, params))
    }

    /// Login
    ///
    /// Signs a user in by name or email and password. Public: no credential is needed.
    ///
    /// `POST /api/auth/login`: <https://docs-development.reten.ai/api-reference/authentication/login>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::LoginError::BadRequest), 401 is [`Unauthorized`](types::LoginError::Unauthorized), 413 is [`ContentTooLarge`](types::LoginError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::LoginError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn login(
        &self,
        body: &types::LoginRequest,
    ) -> Result<types::LoginResponse, crate::Error<types::LoginError>> {
        self.wait(self.client.login(body))
    }

    /// Refresh
    ///
    /// Trades the cookie `refreshToken` for a new access token and a new cookie. Public: nothing but the cookie is needed.
    ///
    /// `POST /api/auth/refresh`: <https://docs-development.reten.ai/api-reference/authentication/refresh>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RefreshError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn refresh(
        &self,
    ) -> Result<types::RefreshResponse, crate::Error<types::RefreshError>> {
        self.wait(self.client.refresh())
    }

    /// Logout
    ///
    /// Clears the cookie `refreshToken`. Public: no credential is needed.
    ///
    /// `POST /api/auth/logout`: <https://docs-development.reten.ai/api-reference/authentication/logout>
    ///
    /// # Errors
    ///
    /// No refusal is declared.
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn logout(
        &self,
    ) -> Result<types::LogoutResponse, crate::Error<types::LogoutError>> {
        self.wait(self.client.logout())
    }

    /// Current user
    ///
    /// Who is signed in, with tenants and roles. Open to every signed-in user.
    ///
    /// `GET /api/auth/me`: <https://docs-development.reten.ai/api-reference/authentication/me>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetCurrentUserError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_current_user(
        &self,
    ) -> Result<types::CurrentUser, crate::Error<types::GetCurrentUserError>> {
        self.wait(self.client.get_current_user())
    }

    /// My Tenants
    ///
    /// The tenants of the signed-in user; the id of one is what `x-tenant-id` takes. Open to every signed-in user, without a tenant.
    ///
    /// `GET /api/tenant/mine`: <https://docs-development.reten.ai/api-reference/tenants/my-tenants>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListMyTenantsError::Unauthorized).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_my_tenants(
        &self,
    ) -> Result<
        ::std::vec::Vec<types::TenantSummary>,
        crate::Error<types::ListMyTenantsError>,
    > {
        self.wait(self.client.list_my_tenants())
    }

    /// List Commerces
    ///
    /// One page of the tenant's commerces. Needs permission `MANAGE_COMMERCES`.
    ///
    /// `GET /api/commerces`: <https://docs-development.reten.ai/api-reference/commerces/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListCommercesError::BadRequest), 401 is [`Unauthorized`](types::ListCommercesError::Unauthorized), 403 is [`Forbidden`](types::ListCommercesError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_commerces(
        &self,
        params: &types::ListCommercesParams,
    ) -> Result<types::CommerceList, crate::Error<types::ListCommercesError>> {
        self.wait(self.client.list_commerces(params))
    }

    /// List Activities
    ///
    /// One page of the tenant's activities. Needs permission `VIEW_ACTIVITIES`. The channels are those of the guide on reading activities; `reason` and `userStatus` are on the Spanish page only.
    ///
    /// `GET /api/activities`: <https://docs-development.reten.ai/api-reference/activities/list>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListActivitiesError::BadRequest), 401 is [`Unauthorized`](types::ListActivitiesError::Unauthorized), 403 is [`Forbidden`](types::ListActivitiesError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_activities(
        &self,
        params: &types::ListActivitiesParams,
    ) -> Result<types::ActivityList, crate::Error<types::ListActivitiesError>> {
        self.wait(self.client.list_activities(params))
    }

    /// List Result Configurations
    ///
    /// The results that may be reported for a task. The vendor's quickstart uses it to try a new key. Needs permission `VIEW_ACTIVITIES` on an API key. The errors are those of the page integration/errors, which speaks for every path under `/api/integration`.
    ///
    /// `GET /api/integration/task-result-type-configs`: <https://docs-development.reten.ai/api-reference/integration/list-configs>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListTaskResultTypeConfigsError::Unauthorized), 403 is [`Forbidden`](types::ListTaskResultTypeConfigsError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_task_result_type_configs(
        &self,
    ) -> Result<
        ::std::vec::Vec<types::TaskResultTypeConfig>,
        crate::Error<types::ListTaskResultTypeConfigsError>,
    > {
        self.wait(self.client.list_task_result_type_configs())
    }
}

/// The operations by name, with the kinds of credentials that each takes; none if it is public.
mod operations {
    use crate::transport::{Operation, Scheme};
    pub(super) const LIST_API_KEYS: Operation = Operation {
        name: "list_api_keys",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const CREATE_API_KEY: Operation = Operation {
        name: "create_api_key",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const REVOKE_API_KEY: Operation = Operation {
        name: "revoke_api_key",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LOGIN: Operation = Operation {
        name: "login",
        accept: "application/json",
        schemes: &[],
    };
    pub(super) const REFRESH: Operation = Operation {
        name: "refresh",
        accept: "application/json",
        schemes: &[Scheme::Cookie],
    };
    pub(super) const LOGOUT: Operation = Operation {
        name: "logout",
        accept: "application/json",
        schemes: &[],
    };
    pub(super) const GET_CURRENT_USER: Operation = Operation {
        name: "get_current_user",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const LIST_MY_TENANTS: Operation = Operation {
        name: "list_my_tenants",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const LIST_COMMERCES: Operation = Operation {
        name: "list_commerces",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LIST_ACTIVITIES: Operation = Operation {
        name: "list_activities",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LIST_TASK_RESULT_TYPE_CONFIGS: Operation = Operation {
        name: "list_task_result_type_configs",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
}

/// What the operations take and answer.
pub mod types {
    pub use crate::open::UnknownValue;
    /// The one form of all errors, from the page getting-started.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ApiError {
        /// The HTTP status once more.
        #[serde(rename = "statusCode", deserialize_with = "crate::open::number")]
        pub status_code: i64,
        /// What is wrong, for people.
        pub message: String,
        /// The reason phrase of the status, such as `Bad Request`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub error: Option<String>,
    }

    /// The request of `create_api_key`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateApiKeyRequest {
        /// What people call the key.
        ///
        /// At most 255 characters.
        pub name: String,
        /// Names of the permissions to grant, none that the creator lacks. The api-keys pages write them in lower case, the page getting-started/authentication in upper case.
        ///
        /// At least 1 items.
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub permissions: Vec<String>,
        /// ISO 8601; the key is refused after it. Without it the key does not expire.
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
    }

    impl CreateApiKeyRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(name: impl Into<String>, permissions: Vec<String>) -> Self {
            Self {
                name: name.into(),
                permissions,
                expires_at: None,
            }
        }
    }

    impl CreateApiKeyRequest {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            {
                let value = &self.name;
                let at = format!("{at}/name");
                if value.chars().count() > 255 {
                    return Err(
                        crate::InvalidRequest::new(
                                at,
                                "must have at most 255 characters",
                            )
                            .into(),
                    );
                }
            }
            {
                let value = &self.permissions;
                let at = format!("{at}/permissions");
                if value.len() < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must have at least 1 items")
                            .into(),
                    );
                }
            }
            Ok(())
        }
    }

    /// In the answer of `list_api_keys`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ApiKey {
        /// Id of the key.
        ///
        /// A UUID.
        pub id: String,
        /// What people call the key.
        pub name: String,
        /// Beginning of the key, to know it by.
        #[serde(rename = "keyPrefix")]
        pub key_prefix: String,
        /// Id of the user who made the key.
        ///
        /// A UUID.
        #[serde(rename = "userId")]
        pub user_id: String,
        /// Id of the tenant that the key belongs to.
        ///
        /// A UUID.
        #[serde(rename = "tenantId")]
        pub tenant_id: String,
        /// True while the key is active, false once it is revoked.
        #[serde(rename = "isActive")]
        pub is_active: bool,
        /// Names of the permissions that the key holds.
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub permissions: Vec<String>,
        /// ISO 8601; null if the key does not expire.
        #[serde(rename = "expiresAt", default)]
        pub expires_at: Option<crate::Timestamp>,
        /// When the key last authenticated successfully.
        #[serde(rename = "lastUsedAt", default)]
        pub last_used_at: Option<crate::Timestamp>,
        /// When the key was made, in ISO 8601. The list begins with the newest.
        #[serde(rename = "createdAt")]
        pub created_at: crate::Timestamp,
        /// When the key was revoked, in ISO 8601; null while it is not.
        #[serde(rename = "revokedAt", default)]
        pub revoked_at: Option<crate::Timestamp>,
    }

    /// In the answer of `create_api_key`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreatedApiKey {
        /// Id of the key, by which it is revoked.
        ///
        /// A UUID.
        pub id: String,
        /// What people call the key.
        pub name: String,
        /// Beginning of the key, to know it by.
        #[serde(rename = "keyPrefix")]
        pub key_prefix: String,
        /// The key itself, in this answer only.
        #[serde(
            rename = "plaintextKey",
            default,
            skip_serializing_if = "Option::is_none",
            serialize_with = "crate::secret::redact"
        )]
        pub plaintext_key: Option<crate::Secret>,
        /// Id of the user who made the key.
        ///
        /// A UUID.
        #[serde(rename = "userId")]
        pub user_id: String,
        /// Id of the tenant that the key belongs to.
        ///
        /// A UUID.
        #[serde(rename = "tenantId")]
        pub tenant_id: String,
        /// True while the key is active, false once it is revoked.
        #[serde(rename = "isActive")]
        pub is_active: bool,
        /// Names of the permissions that the key holds.
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub permissions: Vec<String>,
        /// ISO 8601; null if the key does not expire.
        #[serde(rename = "expiresAt", default)]
        pub expires_at: Option<crate::Timestamp>,
        /// When the key last authenticated successfully; null, since it is new.
        #[serde(rename = "lastUsedAt", default)]
        pub last_used_at: Option<crate::Timestamp>,
        /// When the key was made, in ISO 8601.
        #[serde(rename = "createdAt")]
        pub created_at: crate::Timestamp,
        /// Null, since the key is new.
        #[serde(rename = "revokedAt", default)]
        pub revoked_at: Option<crate::Timestamp>,
        /// Another name of `plaintextKey`, on the page getting-started/authentication only.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            serialize_with = "crate::secret::redact"
        )]
        pub key: Option<crate::Secret>,
    }

    /// In the answer of `revoke_api_key`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct RevokedApiKey {
        /// That the key is revoked, for people.
        pub message: String,
    }

    /// The request of `login`.
    ///
    /// Serialised, it holds its secrets in plain, as the request does: do not log that.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct LoginRequest {
        /// User name or email address.
        pub identifier: String,
        /// The password of the user.
        ///
        /// At least 8 characters.
        #[serde(serialize_with = "crate::secret::expose")]
        pub password: crate::Secret,
    }

    impl LoginRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(
            identifier: impl Into<String>,
            password: impl Into<crate::Secret>,
        ) -> Self {
            Self {
                identifier: identifier.into(),
                password: password.into(),
            }
        }
    }

    impl LoginRequest {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            {
                let value = &self.password;
                let at = format!("{at}/password");
                if value.expose_secret().chars().count() < 8 {
                    return Err(
                        crate::InvalidRequest::new(at, "must have at least 8 characters")
                            .into(),
                    );
                }
            }
            Ok(())
        }
    }

    /// In the answer of `login`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct LoginResponse {
        /// The token to show as `Authorization: Bearer`. How long it lasts is not said.
        #[serde(rename = "accessToken", serialize_with = "crate::secret::redact")]
        pub access_token: crate::Secret,
        /// See [`SignedInUser`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user: Option<SignedInUser>,
    }

    /// Part of [`LoginResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SignedInUser {
        /// Id of the user (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Email address of the user (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email: Option<String>,
        /// First name of the user (inferred from the name).
        #[serde(rename = "firstName", default, skip_serializing_if = "Option::is_none")]
        pub first_name: Option<String>,
        /// Last name of the user (inferred from the name).
        #[serde(rename = "lastName", default, skip_serializing_if = "Option::is_none")]
        pub last_name: Option<String>,
    }

    /// In the answer of `refresh`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct RefreshResponse {
        /// The token to show as `Authorization: Bearer` from now on.
        #[serde(rename = "accessToken", serialize_with = "crate::secret::redact")]
        pub access_token: crate::Secret,
    }

    /// In the answer of `logout`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct LogoutResponse {
        /// That the session is over, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
    }

    /// In the answer of `get_current_user`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CurrentUser {
        /// Id of the user (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Email address of the user (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email: Option<String>,
        /// First name of the user (inferred from the name).
        #[serde(rename = "firstName", default, skip_serializing_if = "Option::is_none")]
        pub first_name: Option<String>,
        /// Last name of the user (inferred from the name).
        #[serde(rename = "lastName", default, skip_serializing_if = "Option::is_none")]
        pub last_name: Option<String>,
        /// Ids of the tenants that the user belongs to.
        #[serde(rename = "tenantIds", default, skip_serializing_if = "Option::is_none")]
        pub tenant_ids: Option<Vec<String>>,
        /// Roles of the user: `SUPER_ADMIN`, `ADMIN`, `FDE` or `VIEWER`, of which each holds what those after it do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub roles: Option<Vec<String>>,
    }

    /// In the answer of `list_my_tenants`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TenantSummary {
        /// Id of the tenant, for the header `x-tenant-id`.
        ///
        /// A UUID.
        pub id: String,
        /// What people call the tenant (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Short name of the tenant, which no other has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub slug: Option<String>,
    }

    /// In the answer of `list_commerces`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CommerceList {
        /// The items of this page.
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub data: Vec<Commerce>,
        /// See [`PageMeta`].
        pub meta: PageMeta,
    }

    /// Part of [`CommerceList`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Commerce {
        /// Id of the commerce (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What people call the commerce (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the commerce with the tenant, by which a synchronisation finds it.
        #[serde(rename = "externalId", default, skip_serializing_if = "Option::is_none")]
        pub external_id: Option<String>,
        /// Tax number of the commerce, which no other of the tenant has.
        #[serde(rename = "taxId", default, skip_serializing_if = "Option::is_none")]
        pub tax_id: Option<String>,
        /// Whether the commerce is active (inferred from the name).
        #[serde(rename = "isActive", default, skip_serializing_if = "Option::is_none")]
        pub is_active: Option<bool>,
        /// Whether the commerce is a placeholder (inferred from the name).
        #[serde(
            rename = "isPlaceholder",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub is_placeholder: Option<bool>,
        /// What the tenant keeps about the commerce, in members of its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub metadata: Option<::serde_json::Map<String, ::serde_json::Value>>,
        /// When the commerce was put in, in ISO 8601 (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// When the commerce was last changed, in ISO 8601 (inferred from the name).
        #[serde(rename = "updatedAt", default, skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<crate::Timestamp>,
    }

    /// Part of [`CommerceList`], [`ActivityList`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PageMeta {
        /// Number of this page, from 1.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub page: Option<i64>,
        /// How many items a page holds at most.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub limit: Option<i64>,
        /// How many items there are on all pages.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub total: Option<i64>,
        /// How many pages there are.
        #[serde(
            rename = "totalPages",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub total_pages: Option<i64>,
    }

    /// In the answer of `list_activities`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ActivityList {
        /// The items of this page.
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub data: Vec<Activity>,
        /// See [`PageMeta`].
        pub meta: PageMeta,
    }

    /// Part of [`ActivityList`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Activity {
        /// Id of the activity (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What it is: `TASK` or `MESSAGE`.
        #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
        pub type_: Option<String>,
        /// See [`CodeLabel`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<CodeLabel>,
        /// By what way it goes: `SALESMAN`, `CALLCENTER`, `WHATSAPP`, `EMAIL`, `SMS` or `PUSH`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub channel: Option<String>,
        /// How far it is: `READY`, `UNRESOLVED`, `DISPATCHED`, `COMPLETED`, `CANCELED` or `FAILED`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// See [`CodeLabel`].
        #[serde(rename = "userStatus", default, skip_serializing_if = "Option::is_none")]
        pub user_status: Option<CodeLabel>,
        /// For when it is planned, in ISO 8601.
        #[serde(
            rename = "scheduledAt",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub scheduled_at: Option<crate::Timestamp>,
        /// See [`CommerceAssignment`].
        #[serde(
            rename = "commerceAssignment",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub commerce_assignment: Option<CommerceAssignment>,
    }

    /// Part of [`Activity`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CodeLabel {
        /// The code, for programs (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// The same for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
    }

    /// Part of [`Activity`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CommerceAssignment {
        /// Id of the commerce (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "commerceId", default, skip_serializing_if = "Option::is_none")]
        pub commerce_id: Option<String>,
        /// See [`AssignedCommerce`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub commerce: Option<AssignedCommerce>,
    }

    /// Part of [`CommerceAssignment`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct AssignedCommerce {
        /// What people call the commerce (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
    }

    /// In the answer of `list_task_result_type_configs`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TaskResultTypeConfig {
        /// What a report of the result must send.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// What people are shown for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        /// Whether a report of it must name a later date.
        #[serde(
            rename = "requiresFutureScheduledAt",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub requires_future_scheduled_at: Option<bool>,
    }

    /// `ActivityStatus`.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ActivityStatus {
        /// `READY`
        Ready,
        /// `UNRESOLVED`
        Unresolved,
        /// `DISPATCHED`
        Dispatched,
        /// `COMPLETED`
        Completed,
        /// `CANCELED`
        Canceled,
        /// `FAILED`
        Failed,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl ActivityStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::Ready,
            Self::Unresolved,
            Self::Dispatched,
            Self::Completed,
            Self::Canceled,
            Self::Failed,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Ready => "READY",
                Self::Unresolved => "UNRESOLVED",
                Self::Dispatched => "DISPATCHED",
                Self::Completed => "COMPLETED",
                Self::Canceled => "CANCELED",
                Self::Failed => "FAILED",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for ActivityStatus {
        fn from(value: &str) -> Self {
            match value {
                "READY" => Self::Ready,
                "UNRESOLVED" => Self::Unresolved,
                "DISPATCHED" => Self::Dispatched,
                "COMPLETED" => Self::Completed,
                "CANCELED" => Self::Canceled,
                "FAILED" => Self::Failed,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(ActivityStatus);
    /// `ActivityType`.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ActivityType {
        /// `TASK`
        Task,
        /// `MESSAGE`
        Message,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl ActivityType {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[Self::Task, Self::Message];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Task => "TASK",
                Self::Message => "MESSAGE",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for ActivityType {
        fn from(value: &str) -> Self {
            match value {
                "TASK" => Self::Task,
                "MESSAGE" => Self::Message,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(ActivityType);
    /// `Channel`.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Channel {
        /// `SALESMAN`
        Salesman,
        /// `CALLCENTER`
        Callcenter,
        /// `WHATSAPP`
        Whatsapp,
        /// `EMAIL`
        Email,
        /// `SMS`
        Sms,
        /// `PUSH`
        Push,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl Channel {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::Salesman,
            Self::Callcenter,
            Self::Whatsapp,
            Self::Email,
            Self::Sms,
            Self::Push,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Salesman => "SALESMAN",
                Self::Callcenter => "CALLCENTER",
                Self::Whatsapp => "WHATSAPP",
                Self::Email => "EMAIL",
                Self::Sms => "SMS",
                Self::Push => "PUSH",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Channel {
        fn from(value: &str) -> Self {
            match value {
                "SALESMAN" => Self::Salesman,
                "CALLCENTER" => Self::Callcenter,
                "WHATSAPP" => Self::Whatsapp,
                "EMAIL" => Self::Email,
                "SMS" => Self::Sms,
                "PUSH" => Self::Push,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(Channel);
    /// What may be asked of `list_api_keys` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListApiKeysParams {
        /// Id of the active tenant. Needed with a bearer token, not with an API key.
        ///
        /// A UUID.
        pub x_tenant_id: Option<String>,
    }

    /// What may be asked of `create_api_key` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateApiKeyParams {
        /// Id of the active tenant. Needed with a bearer token, not with an API key.
        ///
        /// A UUID.
        pub x_tenant_id: Option<String>,
    }

    /// What may be asked of `revoke_api_key` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RevokeApiKeyParams {
        /// Id of the active tenant. Needed with a bearer token, not with an API key.
        ///
        /// A UUID.
        pub x_tenant_id: Option<String>,
    }

    /// What may be asked of `list_commerces` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListCommercesParams {
        /// Number of the page, counted from 1.
        ///
        /// At least 1. If it is left out, the vendor takes `1`.
        pub page: Option<i64>,
        /// Entries on a page, as the table of the list page has it.
        ///
        /// At most 100. If it is left out, the vendor takes `25`.
        pub per_page: Option<i64>,
        /// Entries on a page, as the page getting-started has it (where the default is 20) and as the example of the list page sends it. The pages do not say how it stands to `per_page`.
        pub limit: Option<i64>,
        /// Part of the name or of the external id.
        pub search: Option<String>,
        /// External id to look for.
        pub external_id: Option<String>,
        /// Global external id to look for.
        pub global_external_id: Option<String>,
        /// Only active, or only inactive ones.
        pub is_active: Option<bool>,
        /// Only placeholders, or none of them.
        pub is_placeholder: Option<bool>,
        /// Id of the active tenant. Needed with a bearer token, not with an API key.
        ///
        /// A UUID.
        pub x_tenant_id: Option<String>,
    }

    /// What may be asked of `list_activities` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListActivitiesParams {
        /// Number of the page, counted from 1.
        ///
        /// At least 1. If it is left out, the vendor takes `1`.
        pub page: Option<i64>,
        /// Entries on a page, as the table of the list page has it.
        ///
        /// At most 100. If it is left out, the vendor takes `25`.
        pub per_page: Option<i64>,
        /// Entries on a page, as the page getting-started has it (where the default is 20) and as the example of the list page sends it. The pages do not say how it stands to `per_page`.
        pub limit: Option<i64>,
        /// Free text.
        pub search: Option<String>,
        /// State of the activity.
        pub status: Option<ActivityStatus>,
        /// Kind of activity.
        pub type_: Option<ActivityType>,
        /// Way on which the activity goes out.
        pub channel: Option<Channel>,
        /// Commerce that the activity is for.
        ///
        /// A UUID.
        pub commerce_id: Option<String>,
        /// Earliest planned time, ISO 8601.
        pub scheduled_from: Option<crate::Timestamp>,
        /// Latest planned time, ISO 8601.
        pub scheduled_to: Option<crate::Timestamp>,
        /// Id of the active tenant. Needed with a bearer token, not with an API key.
        ///
        /// A UUID.
        pub x_tenant_id: Option<String>,
    }

    impl ListApiKeysParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.x_tenant_id {
                let at = "x-tenant-id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    impl CreateApiKeyParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.x_tenant_id {
                let at = "x-tenant-id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    impl RevokeApiKeyParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.x_tenant_id {
                let at = "x-tenant-id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    impl ListCommercesParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.page {
                let at = "page".to_owned();
                if *value < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least 1").into(),
                    );
                }
            }
            if let Some(value) = &self.per_page {
                let at = "per_page".to_owned();
                if *value > 100 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 100").into(),
                    );
                }
            }
            if let Some(value) = &self.x_tenant_id {
                let at = "x-tenant-id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    impl ListActivitiesParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.page {
                let at = "page".to_owned();
                if *value < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least 1").into(),
                    );
                }
            }
            if let Some(value) = &self.per_page {
                let at = "per_page".to_owned();
                if *value > 100 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 100").into(),
                    );
                }
            }
            if let Some(value) = &self.commerce_id {
                let at = "commerce_id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            if let Some(value) = &self.x_tenant_id {
                let at = "x-tenant-id".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    /// How `list_api_keys` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListApiKeysError {
        /// The input breaks a rule.
        BadRequest(ApiError),
        /// The credential is absent or wrong.
        Unauthorized(ApiError),
        /// The caller lacks the permission, or the tenant is the wrong one.
        Forbidden(ApiError),
    }

    impl crate::wire::ErrorAnswer for ListApiKeysError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                _ => None,
            }
        }
    }

    /// How `create_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum CreateApiKeyError {
        /// A field is missing, the permissions are empty, or one of them does not exist.
        BadRequest(ApiError),
        /// No valid token was shown.
        Unauthorized(ApiError),
        /// The key would hold a permission that its creator does not hold.
        Forbidden(ApiError),
        /// The body is larger than the server takes.
        ContentTooLarge(ApiError),
        /// The body is of a media type that this operation does not take.
        UnsupportedMediaType(ApiError),
    }

    impl crate::wire::ErrorAnswer for CreateApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                _ => None,
            }
        }
    }

    /// How `revoke_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum RevokeApiKeyError {
        /// The key is revoked already, or the request has no active tenant.
        BadRequest(ApiError),
        /// No valid token was shown.
        Unauthorized(ApiError),
        /// The key is another user's or another tenant's.
        Forbidden(ApiError),
        /// There is no such key.
        NotFound(ApiError),
    }

    impl crate::wire::ErrorAnswer for RevokeApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                _ => None,
            }
        }
    }

    /// How `login` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum LoginError {
        /// The input breaks a rule.
        BadRequest(ApiError),
        /// The email or the password is wrong.
        Unauthorized(ApiError),
        /// The body is larger than the server takes.
        ContentTooLarge(ApiError),
        /// The body is of a media type that this operation does not take.
        UnsupportedMediaType(ApiError),
    }

    impl crate::wire::ErrorAnswer for LoginError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                _ => None,
            }
        }
    }

    /// How `refresh` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum RefreshError {
        /// The refresh token is wrong or out of date.
        Unauthorized(ApiError),
    }

    impl crate::wire::ErrorAnswer for RefreshError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                _ => None,
            }
        }
    }

    /// How `logout` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum LogoutError {}
    impl crate::wire::ErrorAnswer for LogoutError {
        fn decode(_status: u16, _body: &[u8]) -> Option<Self> {
            match _status {
                _ => None,
            }
        }
    }

    /// How `get_current_user` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetCurrentUserError {
        /// The access token is wrong or out of date.
        Unauthorized(ApiError),
    }

    impl crate::wire::ErrorAnswer for GetCurrentUserError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                _ => None,
            }
        }
    }

    /// How `list_my_tenants` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListMyTenantsError {
        /// The credential is absent or wrong.
        Unauthorized(ApiError),
    }

    impl crate::wire::ErrorAnswer for ListMyTenantsError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                _ => None,
            }
        }
    }

    /// How `list_commerces` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListCommercesError {
        /// The input breaks a rule.
        BadRequest(ApiError),
        /// The credential is absent or wrong.
        Unauthorized(ApiError),
        /// The caller lacks the permission, or the tenant is the wrong one.
        Forbidden(ApiError),
    }

    impl crate::wire::ErrorAnswer for ListCommercesError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                _ => None,
            }
        }
    }

    /// How `list_activities` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListActivitiesError {
        /// The input breaks a rule.
        BadRequest(ApiError),
        /// The credential is absent or wrong.
        Unauthorized(ApiError),
        /// The caller lacks the permission, or the tenant is the wrong one.
        Forbidden(ApiError),
    }

    impl crate::wire::ErrorAnswer for ListActivitiesError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                _ => None,
            }
        }
    }

    /// How `list_task_result_type_configs` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListTaskResultTypeConfigsError {
        /// The key is absent, malformed, revoked or out of date; the answer does not tell which.
        Unauthorized(ApiError),
        /// The key lacks the permission.
        Forbidden(ApiError),
    }

    impl crate::wire::ErrorAnswer for ListTaskResultTypeConfigsError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                _ => None,
            }
        }
    }
}

/// The requests of the operations, as progenitor builds them.
pub(crate) mod requests {
    use progenitor_client::{RequestBuilderExt, encode_path};
    /// What requests are built from.
    #[derive(Clone, Debug)]
    pub struct Requests {
        pub(crate) root: crate::config::BaseUrl,
        /// What stands before every path, under the name that progenitor gives it.
        pub(crate) baseurl: String,
        pub(crate) client: reqwest::Client,
    }

    impl Requests {
        /// `GET /api/api-keys`
        pub fn list_api_keys<'a>(
            &'a self,
            x_tenant_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/api-keys", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_tenant_id {
                header_map.append("x-tenant-id", value.to_string().try_into()?);
            }
            Ok(self.client.get(url).headers(header_map).build()?)
        }

        /// `POST /api/api-keys`
        pub fn create_api_key<'a>(
            &'a self,
            x_tenant_id: Option<&'a str>,
            body: &'a crate::generated::reten::types::CreateApiKeyRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/api-keys", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_tenant_id {
                header_map.append("x-tenant-id", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).json(&body).headers(header_map).build()?)
        }

        /// `POST /api/api-keys/{id}/revoke`
        pub fn revoke_api_key<'a>(
            &'a self,
            id: &'a str,
            x_tenant_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/api/api-keys/{}/revoke", self.baseurl, encode_path(& id
                        .to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_tenant_id {
                header_map.append("x-tenant-id", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).headers(header_map).build()?)
        }

        /// `POST /api/auth/login`
        pub fn login<'a>(
            &'a self,
            body: &'a crate::generated::reten::types::LoginRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/auth/login", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `POST /api/auth/refresh`
        pub fn refresh<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/auth/refresh", self.baseurl,));
            Ok(self.client.post(url).build()?)
        }

        /// `POST /api/auth/logout`
        pub fn logout<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/auth/logout", self.baseurl,));
            Ok(self.client.post(url).build()?)
        }

        /// `GET /api/auth/me`
        pub fn get_current_user<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/auth/me", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `GET /api/tenant/mine`
        pub fn list_my_tenants<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/tenant/mine", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `GET /api/commerces`
        pub fn list_commerces<'a>(
            &'a self,
            external_id: Option<&'a str>,
            global_external_id: Option<&'a str>,
            is_active: Option<bool>,
            is_placeholder: Option<bool>,
            limit: Option<i64>,
            page: Option<i64>,
            per_page: Option<i64>,
            search: Option<&'a str>,
            x_tenant_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/commerces", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_tenant_id {
                header_map.append("x-tenant-id", value.to_string().try_into()?);
            }
            Ok(
                self
                    .client
                    .get(url)
                    .query(
                        &progenitor_client::QueryParam::new("external_id", &external_id),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "global_external_id",
                            &global_external_id,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("is_active", &is_active))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "is_placeholder",
                            &is_placeholder,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page))
                    .query(&progenitor_client::QueryParam::new("search", &search))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `GET /api/activities`
        pub fn list_activities<'a>(
            &'a self,
            channel: Option<&'a str>,
            commerce_id: Option<&'a str>,
            limit: Option<i64>,
            page: Option<i64>,
            per_page: Option<i64>,
            scheduled_from: Option<&'a str>,
            scheduled_to: Option<&'a str>,
            search: Option<&'a str>,
            status: Option<&'a str>,
            type_: Option<&'a str>,
            x_tenant_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api/activities", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_tenant_id {
                header_map.append("x-tenant-id", value.to_string().try_into()?);
            }
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("channel", &channel))
                    .query(
                        &progenitor_client::QueryParam::new("commerce_id", &commerce_id),
                    )
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "scheduled_from",
                            &scheduled_from,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "scheduled_to",
                            &scheduled_to,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("search", &search))
                    .query(&progenitor_client::QueryParam::new("status", &status))
                    .query(&progenitor_client::QueryParam::new("type", &type_))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `GET /api/integration/task-result-type-configs`
        pub fn list_task_result_type_configs<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/api/integration/task-result-type-configs", self.baseurl,
                    ),
                );
            Ok(self.client.get(url).build()?)
        }
    }
}
