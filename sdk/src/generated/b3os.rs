// Written by `cargo xtask generate`; do not edit.

/// What stands between a client's base URL and the paths of the document.
pub(crate) const SERVER_PATH: &str = "";
impl crate::b3os::Client {
    /// The API keys of the current organization, page by page
    ///
    /// `GET /v1/api-keys`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-api-keys-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiKeysError::BadRequest), 401 is [`Unauthorized`](types::ListApiKeysError::Unauthorized), 403 is [`Forbidden`](types::ListApiKeysError::Forbidden), 429 is [`TooManyRequests`](types::ListApiKeysError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_api_keys(
        &self,
        params: &types::ListApiKeysParams,
    ) -> Result<
        types::ListApiKeysSuccessResponse,
        crate::Error<types::ListApiKeysError>,
    > {
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_api_keys(
                            params.limit,
                            params.offset,
                            params.x_org_id.as_deref(),
                        )
                },
                &operations::LIST_API_KEYS,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Makes a new API key for the current organization
    ///
    /// `POST /v1/api-keys`: <https://docs.b3os.org/api/reference/post-v1-api-keys>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::CreateApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_api_key(
        &self,
        body: &types::CreateApiKeyParams,
        params: &types::CreateApiKeyOptions,
    ) -> Result<
        types::CreateApiKeySuccessResponse,
        crate::Error<types::CreateApiKeyError>,
    > {
        self.session
            .call(
                &|| self.requests.create_api_key(params.x_org_id.as_deref(), body),
                &operations::CREATE_API_KEY,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// The audit log of recent API requests of the current organization, page by page
    ///
    /// `GET /v1/api-keys/requests`: <https://docs.b3os.org/api/reference/get-v1-api-keys-requests>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiRequestsError::BadRequest), 401 is [`Unauthorized`](types::ListApiRequestsError::Unauthorized), 403 is [`Forbidden`](types::ListApiRequestsError::Forbidden), 429 is [`TooManyRequests`](types::ListApiRequestsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_api_requests(
        &self,
        params: &types::ListApiRequestsParams,
    ) -> Result<
        types::ListApiRequestAuditsSuccessResponse,
        crate::Error<types::ListApiRequestsError>,
    > {
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_api_requests(
                            params.api_key_id.as_deref(),
                            params.limit,
                            params.offset,
                            params.service_account_id.as_deref(),
                            params.x_org_id.as_deref(),
                        )
                },
                &operations::LIST_API_REQUESTS,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// One API key, by its id
    ///
    /// `GET /v1/api-keys/{id}`: <https://docs.b3os.org/api/reference/get-v1-api-keys-id->
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetApiKeyError::Unauthorized), 403 is [`Forbidden`](types::GetApiKeyError::Forbidden), 404 is [`NotFound`](types::GetApiKeyError::NotFound), 429 is [`TooManyRequests`](types::GetApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_api_key(
        &self,
        id: &str,
        params: &types::GetApiKeyParams,
    ) -> Result<types::GetApiKeySuccessResponse, crate::Error<types::GetApiKeyError>> {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| self.requests.get_api_key(id, params.x_org_id.as_deref()),
                &operations::GET_API_KEY,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Revokes an API key, by its id
    ///
    /// `DELETE /v1/api-keys/{id}`: <https://docs.b3os.org/api/reference/delete-v1-api-keys-id->
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 429 is [`TooManyRequests`](types::RevokeApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn revoke_api_key(
        &self,
        id: &str,
        params: &types::RevokeApiKeyParams,
    ) -> Result<
        types::RevokeApiKeySuccessResponse,
        crate::Error<types::RevokeApiKeyError>,
    > {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| self.requests.revoke_api_key(id, params.x_org_id.as_deref()),
                &operations::REVOKE_API_KEY,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// The organizations of the current user, page by page
    ///
    /// `GET /v1/organizations`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-organizations-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListOrganizationsError::BadRequest), 401 is [`Unauthorized`](types::ListOrganizationsError::Unauthorized), 403 is [`Forbidden`](types::ListOrganizationsError::Forbidden), 429 is [`TooManyRequests`](types::ListOrganizationsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_organizations(
        &self,
        params: &types::ListOrganizationsParams,
    ) -> Result<
        types::ListOrganizationsSuccessResponse,
        crate::Error<types::ListOrganizationsError>,
    > {
        self.session
            .call(
                &|| self.requests.list_organizations(params.limit, params.offset),
                &operations::LIST_ORGANIZATIONS,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// The service accounts of the current organization, page by page
    ///
    /// `GET /v1/service-accounts`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListServiceAccountsError::BadRequest), 401 is [`Unauthorized`](types::ListServiceAccountsError::Unauthorized), 403 is [`Forbidden`](types::ListServiceAccountsError::Forbidden), 429 is [`TooManyRequests`](types::ListServiceAccountsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_service_accounts(
        &self,
        params: &types::ListServiceAccountsParams,
    ) -> Result<
        types::ListServiceAccountsSuccessResponse,
        crate::Error<types::ListServiceAccountsError>,
    > {
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_service_accounts(
                            params.limit,
                            params.offset,
                            params.x_org_id.as_deref(),
                        )
                },
                &operations::LIST_SERVICE_ACCOUNTS,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Makes a service account in the current organization
    ///
    /// `POST /v1/service-accounts`: <https://docs.b3os.org/api/reference/post-v1-service-accounts>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::CreateServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::CreateServiceAccountError::Forbidden), 409 is [`Conflict`](types::CreateServiceAccountError::Conflict), 413 is [`ContentTooLarge`](types::CreateServiceAccountError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateServiceAccountError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::CreateServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_service_account(
        &self,
        body: &types::CreateServiceAccountParams,
        params: &types::CreateServiceAccountOptions,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::CreateServiceAccountError>,
    > {
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .create_service_account(params.x_org_id.as_deref(), body)
                },
                &operations::CREATE_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// One service account, by its id
    ///
    /// `GET /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::GetServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::GetServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::GetServiceAccountError::Forbidden), 404 is [`NotFound`](types::GetServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::GetServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_service_account(
        &self,
        id: &str,
        params: &types::GetServiceAccountParams,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::GetServiceAccountError>,
    > {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| self.requests.get_service_account(id, params.x_org_id.as_deref()),
                &operations::GET_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Deletes a service account for good. Its API keys that are still active are revoked first.
    ///
    /// `DELETE /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::DeleteServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::DeleteServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::DeleteServiceAccountError::Forbidden), 404 is [`NotFound`](types::DeleteServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::DeleteServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn delete_service_account(
        &self,
        id: &str,
        params: &types::DeleteServiceAccountParams,
    ) -> Result<types::SuccessResponse, crate::Error<types::DeleteServiceAccountError>> {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| self.requests.delete_service_account(id, params.x_org_id.as_deref()),
                &operations::DELETE_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Changes name, description and permissions of a service account
    ///
    /// `PATCH /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::UpdateServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::UpdateServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::UpdateServiceAccountError::Forbidden), 404 is [`NotFound`](types::UpdateServiceAccountError::NotFound), 413 is [`ContentTooLarge`](types::UpdateServiceAccountError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::UpdateServiceAccountError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::UpdateServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn update_service_account(
        &self,
        id: &str,
        body: &types::UpdateServiceAccountParams,
        params: &types::UpdateServiceAccountOptions,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::UpdateServiceAccountError>,
    > {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| {
                    self
                        .requests
                        .update_service_account(id, params.x_org_id.as_deref(), body)
                },
                &operations::UPDATE_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Switches a service account off
    ///
    /// `POST /v1/service-accounts/{id}/disable`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::DisableServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::DisableServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::DisableServiceAccountError::Forbidden), 404 is [`NotFound`](types::DisableServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::DisableServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn disable_service_account(
        &self,
        id: &str,
        params: &types::DisableServiceAccountParams,
    ) -> Result<
        types::SuccessResponse,
        crate::Error<types::DisableServiceAccountError>,
    > {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| {
                    self.requests.disable_service_account(id, params.x_org_id.as_deref())
                },
                &operations::DISABLE_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Switches a service account on again
    ///
    /// `POST /v1/service-accounts/{id}/enable`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::EnableServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::EnableServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::EnableServiceAccountError::Forbidden), 404 is [`NotFound`](types::EnableServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::EnableServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn enable_service_account(
        &self,
        id: &str,
        params: &types::EnableServiceAccountParams,
    ) -> Result<types::SuccessResponse, crate::Error<types::EnableServiceAccountError>> {
        {
            let at = "id";
            if matches!(id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
        }

        self.session
            .call(
                &|| self.requests.enable_service_account(id, params.x_org_id.as_deref()),
                &operations::ENABLE_SERVICE_ACCOUNT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::b3os::Client {
    /// The API keys of the current organization, page by page
    ///
    /// `GET /v1/api-keys`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-api-keys-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiKeysError::BadRequest), 401 is [`Unauthorized`](types::ListApiKeysError::Unauthorized), 403 is [`Forbidden`](types::ListApiKeysError::Forbidden), 429 is [`TooManyRequests`](types::ListApiKeysError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_api_keys(
        &self,
        params: &types::ListApiKeysParams,
    ) -> Result<
        types::ListApiKeysSuccessResponse,
        crate::Error<types::ListApiKeysError>,
    > {
        self.wait(self.client.list_api_keys(params))
    }

    /// Makes a new API key for the current organization
    ///
    /// `POST /v1/api-keys`: <https://docs.b3os.org/api/reference/post-v1-api-keys>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::CreateApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_api_key(
        &self,
        body: &types::CreateApiKeyParams,
        params: &types::CreateApiKeyOptions,
    ) -> Result<
        types::CreateApiKeySuccessResponse,
        crate::Error<types::CreateApiKeyError>,
    > {
        self.wait(self.client.create_api_key(body, params))
    }

    /// The audit log of recent API requests of the current organization, page by page
    ///
    /// `GET /v1/api-keys/requests`: <https://docs.b3os.org/api/reference/get-v1-api-keys-requests>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListApiRequestsError::BadRequest), 401 is [`Unauthorized`](types::ListApiRequestsError::Unauthorized), 403 is [`Forbidden`](types::ListApiRequestsError::Forbidden), 429 is [`TooManyRequests`](types::ListApiRequestsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_api_requests(
        &self,
        params: &types::ListApiRequestsParams,
    ) -> Result<
        types::ListApiRequestAuditsSuccessResponse,
        crate::Error<types::ListApiRequestsError>,
    > {
        self.wait(self.client.list_api_requests(params))
    }

    /// One API key, by its id
    ///
    /// `GET /v1/api-keys/{id}`: <https://docs.b3os.org/api/reference/get-v1-api-keys-id->
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetApiKeyError::Unauthorized), 403 is [`Forbidden`](types::GetApiKeyError::Forbidden), 404 is [`NotFound`](types::GetApiKeyError::NotFound), 429 is [`TooManyRequests`](types::GetApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_api_key(
        &self,
        id: &str,
        params: &types::GetApiKeyParams,
    ) -> Result<types::GetApiKeySuccessResponse, crate::Error<types::GetApiKeyError>> {
        self.wait(self.client.get_api_key(id, params))
    }

    /// Revokes an API key, by its id
    ///
    /// `DELETE /v1/api-keys/{id}`: <https://docs.b3os.org/api/reference/delete-v1-api-keys-id->
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 429 is [`TooManyRequests`](types::RevokeApiKeyError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn revoke_api_key(
        &self,
        id: &str,
        params: &types::RevokeApiKeyParams,
    ) -> Result<
        types::RevokeApiKeySuccessResponse,
        crate::Error<types::RevokeApiKeyError>,
    > {
        self.wait(self.client.revoke_api_key(id, params))
    }

    /// The organizations of the current user, page by page
    ///
    /// `GET /v1/organizations`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-organizations-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListOrganizationsError::BadRequest), 401 is [`Unauthorized`](types::ListOrganizationsError::Unauthorized), 403 is [`Forbidden`](types::ListOrganizationsError::Forbidden), 429 is [`TooManyRequests`](types::ListOrganizationsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_organizations(
        &self,
        params: &types::ListOrganizationsParams,
    ) -> Result<
        types::ListOrganizationsSuccessResponse,
        crate::Error<types::ListOrganizationsError>,
    > {
        self.wait(self.client.list_organizations(params))
    }

    /// The service accounts of the current organization, page by page
    ///
    /// `GET /v1/service-accounts`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListServiceAccountsError::BadRequest), 401 is [`Unauthorized`](types::ListServiceAccountsError::Unauthorized), 403 is [`Forbidden`](types::ListServiceAccountsError::Forbidden), 429 is [`TooManyRequests`](types::ListServiceAccountsError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_service_accounts(
        &self,
        params: &types::ListServiceAccountsParams,
    ) -> Result<
        types::ListServiceAccountsSuccessResponse,
        crate::Error<types::ListServiceAccountsError>,
    > {
        self.wait(self.client.list_service_accounts(params))
    }

    /// Makes a service account in the current organization
    ///
    /// `POST /v1/service-accounts`: <https://docs.b3os.org/api/reference/post-v1-service-accounts>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::CreateServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::CreateServiceAccountError::Forbidden), 409 is [`Conflict`](types::CreateServiceAccountError::Conflict), 413 is [`ContentTooLarge`](types::CreateServiceAccountError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateServiceAccountError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::CreateServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_service_account(
        &self,
        body: &types::CreateServiceAccountParams,
        params: &types::CreateServiceAccountOptions,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::CreateServiceAccountError>,
    > {
        self.wait(self.client.create_service_account(body, params))
    }

    /// One service account, by its id
    ///
    /// `GET /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::GetServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::GetServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::GetServiceAccountError::Forbidden), 404 is [`NotFound`](types::GetServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::GetServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_service_account(
        &self,
        id: &str,
        params: &types::GetServiceAccountParams,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::GetServiceAccountError>,
    > {
        self.wait(self.client.get_service_account(id, params))
    }

    /// Deletes a service account for good. Its API keys that are still active are revoked first.
    ///
    /// `DELETE /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::DeleteServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::DeleteServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::DeleteServiceAccountError::Forbidden), 404 is [`NotFound`](types::DeleteServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::DeleteServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn delete_service_account(
        &self,
        id: &str,
        params: &types::DeleteServiceAccountParams,
    ) -> Result<types::SuccessResponse, crate::Error<types::DeleteServiceAccountError>> {
        self.wait(self.client.delete_service_account(id, params))
    }

    /// Changes name, description and permissions of a service account
    ///
    /// `PATCH /v1/service-accounts/{id}`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::UpdateServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::UpdateServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::UpdateServiceAccountError::Forbidden), 404 is [`NotFound`](types::UpdateServiceAccountError::NotFound), 413 is [`ContentTooLarge`](types::UpdateServiceAccountError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::UpdateServiceAccountError::UnsupportedMediaType), 429 is [`TooManyRequests`](types::UpdateServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn update_service_account(
        &self,
        id: &str,
        body: &types::UpdateServiceAccountParams,
        params: &types::UpdateServiceAccountOptions,
    ) -> Result<
        types::GetServiceAccountSuccessResponse,
        crate::Error<types::UpdateServiceAccountError>,
    > {
        self.wait(self.client.update_service_account(id, body, params))
    }

    /// Switches a service account off
    ///
    /// `POST /v1/service-accounts/{id}/disable`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::DisableServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::DisableServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::DisableServiceAccountError::Forbidden), 404 is [`NotFound`](types::DisableServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::DisableServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn disable_service_account(
        &self,
        id: &str,
        params: &types::DisableServiceAccountParams,
    ) -> Result<
        types::SuccessResponse,
        crate::Error<types::DisableServiceAccountError>,
    > {
        self.wait(self.client.disable_service_account(id, params))
    }

    /// Switches a service account on again
    ///
    /// `POST /v1/service-accounts/{id}/enable`: <https://github.com/api-evangelist/b3/blob/main/openapi/b3-service-accounts-api-openapi.yml>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::EnableServiceAccountError::BadRequest), 401 is [`Unauthorized`](types::EnableServiceAccountError::Unauthorized), 403 is [`Forbidden`](types::EnableServiceAccountError::Forbidden), 404 is [`NotFound`](types::EnableServiceAccountError::NotFound), 429 is [`TooManyRequests`](types::EnableServiceAccountError::TooManyRequests).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn enable_service_account(
        &self,
        id: &str,
        params: &types::EnableServiceAccountParams,
    ) -> Result<types::SuccessResponse, crate::Error<types::EnableServiceAccountError>> {
        self.wait(self.client.enable_service_account(id, params))
    }
}

/// The operations by name, with the kinds of credentials that each takes; none if it is public.
mod operations {
    use crate::transport::{Operation, Scheme};
    pub(super) const LIST_API_KEYS: Operation = Operation {
        name: "list_api_keys",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const CREATE_API_KEY: Operation = Operation {
        name: "create_api_key",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const LIST_API_REQUESTS: Operation = Operation {
        name: "list_api_requests",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const GET_API_KEY: Operation = Operation {
        name: "get_api_key",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const REVOKE_API_KEY: Operation = Operation {
        name: "revoke_api_key",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const LIST_ORGANIZATIONS: Operation = Operation {
        name: "list_organizations",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const LIST_SERVICE_ACCOUNTS: Operation = Operation {
        name: "list_service_accounts",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const CREATE_SERVICE_ACCOUNT: Operation = Operation {
        name: "create_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const GET_SERVICE_ACCOUNT: Operation = Operation {
        name: "get_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const DELETE_SERVICE_ACCOUNT: Operation = Operation {
        name: "delete_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const UPDATE_SERVICE_ACCOUNT: Operation = Operation {
        name: "update_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const DISABLE_SERVICE_ACCOUNT: Operation = Operation {
        name: "disable_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
    pub(super) const ENABLE_SERVICE_ACCOUNT: Operation = Operation {
        name: "enable_service_account",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
    };
}

/// What the operations take and answer.
pub mod types {
    pub use crate::open::UnknownValue;
    /// Part of [`GetApiKeySuccessResponse`], [`PaginatedDataApiKey`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ApiKey {
        /// When the key was made (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made the key (inferred from the name).
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// What the key is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// When the key expires (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
        /// Id of the key, by which it is read and revoked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Beginning of the key, to know it by (inferred from the name).
        #[serde(rename = "keyPrefix", default, skip_serializing_if = "Option::is_none")]
        pub key_prefix: Option<String>,
        /// When the key was last used (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "lastUsedAt", default, skip_serializing_if = "Option::is_none")]
        pub last_used_at: Option<crate::Timestamp>,
        /// The address that it was last used from (inferred from the name).
        #[serde(rename = "lastUsedIp", default, skip_serializing_if = "Option::is_none")]
        pub last_used_ip: Option<String>,
        /// The program that it was last used by, as that called itself (inferred from the name).
        #[serde(
            rename = "lastUsedUserAgent",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub last_used_user_agent: Option<String>,
        /// What people call the key (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the organization that the key is tied to.
        #[serde(
            rename = "organizationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organization_id: Option<String>,
        /// When the key was revoked. A revoked key leaves its history behind. A time, written as RFC 3339 (inferred).
        #[serde(rename = "revokedAt", default, skip_serializing_if = "Option::is_none")]
        pub revoked_at: Option<crate::Timestamp>,
        /// See [`ApiKeyScope`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scope: Option<ApiKeyScope>,
        /// Id of the service account that the key belongs to, if it is not a user's.
        #[serde(
            rename = "serviceAccountId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub service_account_id: Option<String>,
        /// Id of the user whose key it is (inferred from the name).
        #[serde(rename = "userId", default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
    }

    /// Part of [`ApiKey`], [`CreateApiKeyData`], [`CreateApiKeyParams`].
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ApiKeyScope {
        /// `read`
        Read,
        /// `read-write`
        ReadWrite,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl ApiKeyScope {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[Self::Read, Self::ReadWrite];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Read => "read",
                Self::ReadWrite => "read-write",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for ApiKeyScope {
        fn from(value: &str) -> Self {
            match value {
                "read" => Self::Read,
                "read-write" => Self::ReadWrite,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(ApiKeyScope);
    /// Part of [`PaginatedDataApiRequestAudit`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ApiRequestAudit {
        /// Id of the key that the request was made with (inferred from the name).
        #[serde(rename = "apiKeyId", default, skip_serializing_if = "Option::is_none")]
        pub api_key_id: Option<String>,
        /// The address that it came from (inferred from the name).
        #[serde(rename = "clientIp", default, skip_serializing_if = "Option::is_none")]
        pub client_ip: Option<String>,
        /// When the request was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// How long it took, in milliseconds (inferred from the name).
        #[serde(
            rename = "durationMs",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub duration_ms: Option<i64>,
        /// Id of the entry (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// The HTTP method (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub method: Option<String>,
        /// Id of the organization (inferred from the name).
        #[serde(
            rename = "organizationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organization_id: Option<String>,
        /// The path that was asked for (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub path: Option<String>,
        /// Id of who made the request (inferred from the name).
        #[serde(
            rename = "principalId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub principal_id: Option<String>,
        /// What made the request (inferred from the name); the values are not listed.
        #[serde(
            rename = "principalType",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub principal_type: Option<String>,
        /// Id of the request, as its answer told it (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
        /// The pattern that the path fits (inferred from the name).
        #[serde(
            rename = "routePattern",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub route_pattern: Option<String>,
        /// Id of the service account that the request was made for (inferred from the name).
        #[serde(
            rename = "serviceAccountId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub service_account_id: Option<String>,
        /// The HTTP status of the answer (inferred from the name).
        #[serde(
            rename = "statusCode",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub status_code: Option<i64>,
        /// The program, as it called itself (inferred from the name).
        #[serde(rename = "userAgent", default, skip_serializing_if = "Option::is_none")]
        pub user_agent: Option<String>,
        /// Id of the user (inferred from the name).
        #[serde(rename = "userId", default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
    }

    /// Part of [`CreateApiKeySuccessResponse`].
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreateApiKeyData {
        /// When the key was made (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made the key (inferred from the name).
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// What the key is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// When the key expires (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
        /// Id of the key, by which it is read and revoked.
        pub id: String,
        /// The whole API key in plaintext. It is shown this once and has to be stored safely.
        #[serde(serialize_with = "crate::secret::redact")]
        pub key: crate::Secret,
        /// Beginning of the key, to know it by (inferred from the name).
        #[serde(rename = "keyPrefix", default, skip_serializing_if = "Option::is_none")]
        pub key_prefix: Option<String>,
        /// When the key was last used (inferred from the name). A time, written as RFC 3339 (inferred).
        #[serde(rename = "lastUsedAt", default, skip_serializing_if = "Option::is_none")]
        pub last_used_at: Option<crate::Timestamp>,
        /// The address that it was last used from (inferred from the name).
        #[serde(rename = "lastUsedIp", default, skip_serializing_if = "Option::is_none")]
        pub last_used_ip: Option<String>,
        /// The program that it was last used by, as that called itself (inferred from the name).
        #[serde(
            rename = "lastUsedUserAgent",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub last_used_user_agent: Option<String>,
        /// What people call the key (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the organization that the key is tied to.
        #[serde(
            rename = "organizationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organization_id: Option<String>,
        /// When the key was revoked. A revoked key leaves its history behind. A time, written as RFC 3339 (inferred).
        #[serde(rename = "revokedAt", default, skip_serializing_if = "Option::is_none")]
        pub revoked_at: Option<crate::Timestamp>,
        /// See [`ApiKeyScope`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scope: Option<ApiKeyScope>,
        /// Id of the service account that the key belongs to, if it is not a user's.
        #[serde(
            rename = "serviceAccountId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub service_account_id: Option<String>,
        /// Id of the user whose key it is (inferred from the name).
        #[serde(rename = "userId", default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
    }

    /// The request of `create_api_key`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateApiKeyParams {
        /// What the key is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// When the key ends, as an RFC 3339 time (inferred)
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
        /// What people call the key (inferred from the name).
        pub name: String,
        /// Id of the service account that the key is to belong to.
        #[serde(
            rename = "serviceAccountId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub service_account_id: Option<String>,
        /// See [`ApiKeyScope`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scope: Option<ApiKeyScope>,
    }

    impl CreateApiKeyParams {
        /// With what the vendor requires, and nothing else.
        pub fn new(name: impl Into<String>) -> Self {
            Self {
                description: None,
                expires_at: None,
                name: name.into(),
                service_account_id: None,
                scope: None,
            }
        }
    }

    /// In the answer of `create_api_key`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreateApiKeySuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`CreateApiKeyData`].
        pub data: CreateApiKeyData,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// The request of `create_service_account`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateServiceAccountParams {
        /// What the account is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// What people call the account, which no other of the organization has.
        pub name: String,
        /// What the account may do (inferred from the name).
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub permissions: Vec<Permission>,
    }

    impl CreateServiceAccountParams {
        /// With what the vendor requires, and nothing else.
        pub fn new(name: impl Into<String>, permissions: Vec<Permission>) -> Self {
            Self {
                description: None,
                name: name.into(),
                permissions,
            }
        }
    }

    /// Part of [`CreateServiceAccountParams`], [`ServiceAccount`], [`UpdateServiceAccountParams`].
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Permission {
        /// `org:read`
        OrgRead,
        /// `org:update`
        OrgUpdate,
        /// `org:delete`
        OrgDelete,
        /// `member:invite`
        MemberInvite,
        /// `member:remove`
        MemberRemove,
        /// `member:update_role`
        MemberUpdateRole,
        /// `workflow:create`
        WorkflowCreate,
        /// `workflow:read`
        WorkflowRead,
        /// `workflow:update`
        WorkflowUpdate,
        /// `workflow:delete`
        WorkflowDelete,
        /// `workflow:execute`
        WorkflowExecute,
        /// `workflow:publish`
        WorkflowPublish,
        /// `connector:create`
        ConnectorCreate,
        /// `connector:read`
        ConnectorRead,
        /// `connector:update`
        ConnectorUpdate,
        /// `connector:delete`
        ConnectorDelete,
        /// `action:read`
        ActionRead,
        /// `run:read`
        RunRead,
        /// `run:stream`
        RunStream,
        /// `run:cancel`
        RunCancel,
        /// `execution:read`
        ExecutionRead,
        /// `execution:stream`
        ExecutionStream,
        /// `execution:webhook`
        ExecutionWebhook,
        /// `restriction:read`
        RestrictionRead,
        /// `restriction:update`
        RestrictionUpdate,
        /// `ai:chat`
        AiChat,
        /// `wallet:withdraw`
        WalletWithdraw,
        /// `action_proxy:execute`
        ActionProxyExecute,
        /// `apikey:create`
        ApiKeyCreate,
        /// `apikey:read`
        ApiKeyRead,
        /// `apikey:revoke`
        ApiKeyRevoke,
        /// `service_account:read`
        ServiceAccountRead,
        /// `service_account:write`
        ServiceAccountWrite,
        /// `stats:read`
        StatsRead,
        /// `database:read`
        DatabaseRead,
        /// `database:update`
        DatabaseUpdate,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl Permission {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::OrgRead,
            Self::OrgUpdate,
            Self::OrgDelete,
            Self::MemberInvite,
            Self::MemberRemove,
            Self::MemberUpdateRole,
            Self::WorkflowCreate,
            Self::WorkflowRead,
            Self::WorkflowUpdate,
            Self::WorkflowDelete,
            Self::WorkflowExecute,
            Self::WorkflowPublish,
            Self::ConnectorCreate,
            Self::ConnectorRead,
            Self::ConnectorUpdate,
            Self::ConnectorDelete,
            Self::ActionRead,
            Self::RunRead,
            Self::RunStream,
            Self::RunCancel,
            Self::ExecutionRead,
            Self::ExecutionStream,
            Self::ExecutionWebhook,
            Self::RestrictionRead,
            Self::RestrictionUpdate,
            Self::AiChat,
            Self::WalletWithdraw,
            Self::ActionProxyExecute,
            Self::ApiKeyCreate,
            Self::ApiKeyRead,
            Self::ApiKeyRevoke,
            Self::ServiceAccountRead,
            Self::ServiceAccountWrite,
            Self::StatsRead,
            Self::DatabaseRead,
            Self::DatabaseUpdate,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::OrgRead => "org:read",
                Self::OrgUpdate => "org:update",
                Self::OrgDelete => "org:delete",
                Self::MemberInvite => "member:invite",
                Self::MemberRemove => "member:remove",
                Self::MemberUpdateRole => "member:update_role",
                Self::WorkflowCreate => "workflow:create",
                Self::WorkflowRead => "workflow:read",
                Self::WorkflowUpdate => "workflow:update",
                Self::WorkflowDelete => "workflow:delete",
                Self::WorkflowExecute => "workflow:execute",
                Self::WorkflowPublish => "workflow:publish",
                Self::ConnectorCreate => "connector:create",
                Self::ConnectorRead => "connector:read",
                Self::ConnectorUpdate => "connector:update",
                Self::ConnectorDelete => "connector:delete",
                Self::ActionRead => "action:read",
                Self::RunRead => "run:read",
                Self::RunStream => "run:stream",
                Self::RunCancel => "run:cancel",
                Self::ExecutionRead => "execution:read",
                Self::ExecutionStream => "execution:stream",
                Self::ExecutionWebhook => "execution:webhook",
                Self::RestrictionRead => "restriction:read",
                Self::RestrictionUpdate => "restriction:update",
                Self::AiChat => "ai:chat",
                Self::WalletWithdraw => "wallet:withdraw",
                Self::ActionProxyExecute => "action_proxy:execute",
                Self::ApiKeyCreate => "apikey:create",
                Self::ApiKeyRead => "apikey:read",
                Self::ApiKeyRevoke => "apikey:revoke",
                Self::ServiceAccountRead => "service_account:read",
                Self::ServiceAccountWrite => "service_account:write",
                Self::StatsRead => "stats:read",
                Self::DatabaseRead => "database:read",
                Self::DatabaseUpdate => "database:update",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Permission {
        fn from(value: &str) -> Self {
            match value {
                "org:read" => Self::OrgRead,
                "org:update" => Self::OrgUpdate,
                "org:delete" => Self::OrgDelete,
                "member:invite" => Self::MemberInvite,
                "member:remove" => Self::MemberRemove,
                "member:update_role" => Self::MemberUpdateRole,
                "workflow:create" => Self::WorkflowCreate,
                "workflow:read" => Self::WorkflowRead,
                "workflow:update" => Self::WorkflowUpdate,
                "workflow:delete" => Self::WorkflowDelete,
                "workflow:execute" => Self::WorkflowExecute,
                "workflow:publish" => Self::WorkflowPublish,
                "connector:create" => Self::ConnectorCreate,
                "connector:read" => Self::ConnectorRead,
                "connector:update" => Self::ConnectorUpdate,
                "connector:delete" => Self::ConnectorDelete,
                "action:read" => Self::ActionRead,
                "run:read" => Self::RunRead,
                "run:stream" => Self::RunStream,
                "run:cancel" => Self::RunCancel,
                "execution:read" => Self::ExecutionRead,
                "execution:stream" => Self::ExecutionStream,
                "execution:webhook" => Self::ExecutionWebhook,
                "restriction:read" => Self::RestrictionRead,
                "restriction:update" => Self::RestrictionUpdate,
                "ai:chat" => Self::AiChat,
                "wallet:withdraw" => Self::WalletWithdraw,
                "action_proxy:execute" => Self::ActionProxyExecute,
                "apikey:create" => Self::ApiKeyCreate,
                "apikey:read" => Self::ApiKeyRead,
                "apikey:revoke" => Self::ApiKeyRevoke,
                "service_account:read" => Self::ServiceAccountRead,
                "service_account:write" => Self::ServiceAccountWrite,
                "stats:read" => Self::StatsRead,
                "database:read" => Self::DatabaseRead,
                "database:update" => Self::DatabaseUpdate,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(Permission);
    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ErrorResponse {
        /// A number of the vendor's own; in the one place that explains it, the HTTP status and three more digits.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// What is wrong with single members of the request. Its form is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub details: Option<Vec<::serde_json::Value>>,
        /// What is wrong, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// In the answer of `get_api_key`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct GetApiKeySuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`ApiKey`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<ApiKey>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// In the answer of `create_service_account`, `get_service_account`, `update_service_account`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct GetServiceAccountSuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`ServiceAccount`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<ServiceAccount>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// Part of [`GetServiceAccountSuccessResponse`], [`PaginatedDataServiceAccount`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ServiceAccount {
        /// When the account was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made the account (inferred from the name).
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// What the account is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// When the account was disabled (inferred from the name).
        #[serde(rename = "disabledAt", default, skip_serializing_if = "Option::is_none")]
        pub disabled_at: Option<crate::Timestamp>,
        /// Id of the account (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What people call the account (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the organization that the account belongs to (inferred from the name).
        #[serde(
            rename = "organizationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organization_id: Option<String>,
        /// What the account may do (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub permissions: Option<Vec<Permission>>,
        /// See [`ServiceAccountStatus`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<ServiceAccountStatus>,
        /// When the account was last changed (inferred from the name).
        #[serde(rename = "updatedAt", default, skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<crate::Timestamp>,
    }

    /// Part of [`ServiceAccount`].
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ServiceAccountStatus {
        /// `active`
        Active,
        /// `disabled`
        Disabled,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl ServiceAccountStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[Self::Active, Self::Disabled];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Active => "active",
                Self::Disabled => "disabled",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for ServiceAccountStatus {
        fn from(value: &str) -> Self {
            match value {
                "active" => Self::Active,
                "disabled" => Self::Disabled,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(ServiceAccountStatus);
    /// In the answer of `list_api_keys`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ListApiKeysSuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`PaginatedDataApiKey`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<PaginatedDataApiKey>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// Part of [`ListApiKeysSuccessResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PaginatedDataApiKey {
        /// Whether there are items after this page (inferred from the name).
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
        /// The items of this page (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<Vec<ApiKey>>,
        /// How many items a page holds at most: 20 unless asked for, and 100 at most.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub limit: Option<i64>,
        /// How many items were skipped.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub offset: Option<i64>,
    }

    /// In the answer of `list_api_requests`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ListApiRequestAuditsSuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`PaginatedDataApiRequestAudit`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<PaginatedDataApiRequestAudit>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// Part of [`ListApiRequestAuditsSuccessResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PaginatedDataApiRequestAudit {
        /// Whether there are items after this page (inferred from the name).
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
        /// The items of this page (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<Vec<ApiRequestAudit>>,
        /// How many items a page holds at most: 20 unless asked for, and 100 at most.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub limit: Option<i64>,
        /// How many items were skipped.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub offset: Option<i64>,
    }

    /// In the answer of `list_organizations`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ListOrganizationsSuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`PaginatedDataOrganization`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<PaginatedDataOrganization>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// Part of [`ListOrganizationsSuccessResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PaginatedDataOrganization {
        /// Whether there are items after this page (inferred from the name).
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
        /// The items of this page (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<Vec<Organization>>,
        /// How many items a page holds at most: 20 unless asked for, and 100 at most.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub limit: Option<i64>,
        /// How many items were skipped.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub offset: Option<i64>,
    }

    /// Part of [`PaginatedDataOrganization`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Organization {
        /// When the organization was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made the organization (inferred from the name).
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// A lower threshold of CU (inferred from the name).
        #[serde(
            rename = "cuMinThreshold",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub cu_min_threshold: Option<f64>,
        /// When the organization was deleted (inferred from the name).
        #[serde(rename = "deletedAt", default, skip_serializing_if = "Option::is_none")]
        pub deleted_at: Option<crate::Timestamp>,
        /// Id of the user who deleted the organization (inferred from the name).
        #[serde(rename = "deletedBy", default, skip_serializing_if = "Option::is_none")]
        pub deleted_by: Option<String>,
        /// What the organization is, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Id of the organization, for the header `X-Org-ID`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What people call the organization (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Address of a picture, on IPFS or over HTTP
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub photo: Option<String>,
        /// Short name of the organization (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub slug: Option<String>,
        /// Tier of the organization (inferred from the name); the values are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tier: Option<String>,
        /// When the organization was last changed (inferred from the name).
        #[serde(rename = "updatedAt", default, skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<crate::Timestamp>,
    }

    /// In the answer of `list_service_accounts`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ListServiceAccountsSuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// See [`PaginatedDataServiceAccount`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<PaginatedDataServiceAccount>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// Part of [`ListServiceAccountsSuccessResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PaginatedDataServiceAccount {
        /// Whether there are items after this page (inferred from the name).
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
        /// The items of this page (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<Vec<ServiceAccount>>,
        /// How many items a page holds at most: 20 unless asked for, and 100 at most.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub limit: Option<i64>,
        /// How many items were skipped.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub offset: Option<i64>,
    }

    /// In the answer of `revoke_api_key`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct RevokeApiKeySuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// In the answer of `delete_service_account`, `disable_service_account`, `enable_service_account`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SuccessResponse {
        /// 200, or 0 in places that the vendor does not tell apart.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub code: Option<i64>,
        /// What the operation brought (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<::serde_json::Value>,
        /// For people; `success` in the examples.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// Id of the request, to quote when asking the vendor (inferred from the name).
        #[serde(rename = "requestId", default, skip_serializing_if = "Option::is_none")]
        pub request_id: Option<String>,
    }

    /// The request of `update_service_account`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct UpdateServiceAccountParams {
        /// What the account is for, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// What people call the account, which no other of the organization has.
        pub name: String,
        /// What the account may do (inferred from the name).
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub permissions: Vec<Permission>,
    }

    impl UpdateServiceAccountParams {
        /// With what the vendor requires, and nothing else.
        pub fn new(name: impl Into<String>, permissions: Vec<Permission>) -> Self {
            Self {
                description: None,
                name: name.into(),
                permissions,
            }
        }
    }

    /// What may be asked of `list_api_keys` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListApiKeysParams {
        /// Size of the page (20 unless given, 100 at most)
        pub limit: Option<i64>,
        /// How many items to skip (0 unless given)
        pub offset: Option<i64>,
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `create_api_key` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateApiKeyOptions {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `list_api_requests` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListApiRequestsParams {
        /// Size of the page (20 unless given, 100 at most)
        pub limit: Option<i64>,
        /// How many items to skip (0 unless given)
        pub offset: Option<i64>,
        /// Only requests of this service account
        pub service_account_id: Option<String>,
        /// Only requests made with this API key
        pub api_key_id: Option<String>,
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `get_api_key` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetApiKeyParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `revoke_api_key` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct RevokeApiKeyParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `list_organizations` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListOrganizationsParams {
        /// Size of the page (20 unless given, 100 at most)
        pub limit: Option<i64>,
        /// How many items to skip (0 unless given)
        pub offset: Option<i64>,
    }

    /// What may be asked of `list_service_accounts` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListServiceAccountsParams {
        /// Size of the page (20 unless given, 100 at most)
        pub limit: Option<i64>,
        /// How many items to skip (0 unless given)
        pub offset: Option<i64>,
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `create_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct CreateServiceAccountOptions {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `get_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct GetServiceAccountParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `delete_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DeleteServiceAccountParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `update_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct UpdateServiceAccountOptions {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `disable_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct DisableServiceAccountParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// What may be asked of `enable_service_account` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct EnableServiceAccountParams {
        /// The organization that the request is about; needed with a user's session token, not with an API key.
        pub x_org_id: Option<String>,
    }

    /// How `list_api_keys` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListApiKeysError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for ListApiKeysError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `create_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum CreateApiKeyError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The body is larger than the server takes
        ContentTooLarge(ErrorResponse),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for CreateApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `list_api_requests` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListApiRequestsError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for ListApiRequestsError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `get_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetApiKeyError {
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// Not Found
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for GetApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `revoke_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum RevokeApiKeyError {
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// Not Found
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for RevokeApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `list_organizations` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListOrganizationsError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for ListOrganizationsError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `list_service_accounts` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListServiceAccountsError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for ListServiceAccountsError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `create_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum CreateServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// The name is taken by another service account of the organization
        Conflict(ErrorResponse),
        /// The body is larger than the server takes
        ContentTooLarge(ErrorResponse),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for CreateServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                409 => crate::wire::json(body).ok().map(Self::Conflict),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `get_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// There is no such resource, or the current organization cannot see it
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for GetServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `delete_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum DeleteServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// There is no such resource, or the current organization cannot see it
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for DeleteServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `update_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum UpdateServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// There is no such resource, or the current organization cannot see it
        NotFound(ErrorResponse),
        /// The body is larger than the server takes
        ContentTooLarge(ErrorResponse),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for UpdateServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `disable_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum DisableServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// There is no such resource, or the current organization cannot see it
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for DisableServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
                _ => None,
            }
        }
    }

    /// How `enable_service_account` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum EnableServiceAccountError {
        /// Bad Request
        BadRequest(ErrorResponse),
        /// The credential is missing or invalid (earlier authentication page); expired or revoked keys are assumption b3os.revoked-key-status
        Unauthorized(ErrorResponse),
        /// The credential is valid but its scope or permissions do not cover this operation
        Forbidden(ErrorResponse),
        /// There is no such resource, or the current organization cannot see it
        NotFound(ErrorResponse),
        /// The organization has used up its rate limit
        TooManyRequests(ErrorResponse),
    }

    impl crate::wire::ErrorAnswer for EnableServiceAccountError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                429 => crate::wire::json(body).ok().map(Self::TooManyRequests),
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
        /// `GET /v1/api-keys`
        pub fn list_api_keys<'a>(
            &'a self,
            limit: Option<i64>,
            offset: Option<i64>,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/api-keys", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("offset", &offset))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `POST /v1/api-keys`
        pub fn create_api_key<'a>(
            &'a self,
            x_org_id: Option<&'a str>,
            body: &'a crate::generated::b3os::types::CreateApiKeyParams,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/api-keys", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).json(&body).headers(header_map).build()?)
        }

        /// `GET /v1/api-keys/requests`
        pub fn list_api_requests<'a>(
            &'a self,
            api_key_id: Option<&'a str>,
            limit: Option<i64>,
            offset: Option<i64>,
            service_account_id: Option<&'a str>,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/api-keys/requests", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("apiKeyId", &api_key_id))
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("offset", &offset))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "serviceAccountId",
                            &service_account_id,
                        ),
                    )
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `GET /v1/api-keys/{id}`
        pub fn get_api_key<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/api-keys/{}", self.baseurl, encode_path(& id.to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.get(url).headers(header_map).build()?)
        }

        /// `DELETE /v1/api-keys/{id}`
        pub fn revoke_api_key<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/api-keys/{}", self.baseurl, encode_path(& id.to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.delete(url).headers(header_map).build()?)
        }

        /// `GET /v1/organizations`
        pub fn list_organizations<'a>(
            &'a self,
            limit: Option<i64>,
            offset: Option<i64>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/organizations", self.baseurl,));
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("offset", &offset))
                    .build()?,
            )
        }

        /// `GET /v1/service-accounts`
        pub fn list_service_accounts<'a>(
            &'a self,
            limit: Option<i64>,
            offset: Option<i64>,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/service-accounts", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("offset", &offset))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `POST /v1/service-accounts`
        pub fn create_service_account<'a>(
            &'a self,
            x_org_id: Option<&'a str>,
            body: &'a crate::generated::b3os::types::CreateServiceAccountParams,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/v1/service-accounts", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).json(&body).headers(header_map).build()?)
        }

        /// `GET /v1/service-accounts/{id}`
        pub fn get_service_account<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/service-accounts/{}", self.baseurl, encode_path(& id
                        .to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.get(url).headers(header_map).build()?)
        }

        /// `DELETE /v1/service-accounts/{id}`
        pub fn delete_service_account<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/service-accounts/{}", self.baseurl, encode_path(& id
                        .to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.delete(url).headers(header_map).build()?)
        }

        /// `PATCH /v1/service-accounts/{id}`
        pub fn update_service_account<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
            body: &'a crate::generated::b3os::types::UpdateServiceAccountParams,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/service-accounts/{}", self.baseurl, encode_path(& id
                        .to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.patch(url).json(&body).headers(header_map).build()?)
        }

        /// `POST /v1/service-accounts/{id}/disable`
        pub fn disable_service_account<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/service-accounts/{}/disable", self.baseurl, encode_path(&
                        id.to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).headers(header_map).build()?)
        }

        /// `POST /v1/service-accounts/{id}/enable`
        pub fn enable_service_account<'a>(
            &'a self,
            id: &'a str,
            x_org_id: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/v1/service-accounts/{}/enable", self.baseurl, encode_path(&
                        id.to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            if let Some(value) = x_org_id {
                header_map.append("X-Org-ID", value.to_string().try_into()?);
            }
            Ok(self.client.post(url).headers(header_map).build()?)
        }
    }
}
