// Written by `cargo xtask generate`; do not edit.

/// What stands between a client's base URL and the paths of the document.
pub(crate) const SERVER_PATH: &str = "";
impl crate::dolfin::Client {
    /// Get supplier credit balance
    ///
    /// The credit that can still be set against bills of this supplier, one entry for each currency.
    ///
    /// `GET /suppliers/{supplierId}/credit`: <https://docs.dolfinai.co/api-reference/supplier-credit-notes/get-supplier-credit-balance>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::GetSupplierCreditError::BadRequest), 401 is [`Unauthorized`](types::GetSupplierCreditError::Unauthorized), 403 is [`Forbidden`](types::GetSupplierCreditError::Forbidden), 404 is [`NotFound`](types::GetSupplierCreditError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_supplier_credit(
        &self,
        supplier_id: &str,
        x_dolfin_organisation_id: &str,
    ) -> Result<
        ::std::vec::Vec<types::SupplierCreditBalance>,
        crate::Error<types::GetSupplierCreditError>,
    > {
        {
            let value = supplier_id;
            let at = "supplierId";
            if matches!(supplier_id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        {
            let value = x_dolfin_organisation_id;
            let at = "x-dolfin-organisation-id";
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        self.session
            .call(
                &|| {
                    self
                        .requests
                        .get_supplier_credit(supplier_id, x_dolfin_organisation_id)
                },
                &operations::GET_SUPPLIER_CREDIT,
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

    /// Get supplier credit ledger
    ///
    /// The movements behind a supplier's credit balance, newest first and page by page: issued credit notes count up, applications to bills count down.
    ///
    /// `GET /suppliers/{supplierId}/credit/ledger`: <https://docs.dolfinai.co/api-reference/supplier-credit-notes/get-supplier-credit-ledger>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListSupplierCreditLedgerError::BadRequest), 401 is [`Unauthorized`](types::ListSupplierCreditLedgerError::Unauthorized), 403 is [`Forbidden`](types::ListSupplierCreditLedgerError::Forbidden), 404 is [`NotFound`](types::ListSupplierCreditLedgerError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_supplier_credit_ledger(
        &self,
        supplier_id: &str,
        x_dolfin_organisation_id: &str,
        params: &types::ListSupplierCreditLedgerParams,
    ) -> Result<
        types::SupplierCreditLedgerPage,
        crate::Error<types::ListSupplierCreditLedgerError>,
    > {
        {
            let value = supplier_id;
            let at = "supplierId";
            if matches!(supplier_id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        {
            let value = x_dolfin_organisation_id;
            let at = "x-dolfin-organisation-id";
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        params.check()?;
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_supplier_credit_ledger(
                            supplier_id,
                            params.cursor.as_deref(),
                            params.limit,
                            x_dolfin_organisation_id,
                        )
                },
                &operations::LIST_SUPPLIER_CREDIT_LEDGER,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// List invoices
    ///
    /// The invoices of the organisation, page by page.
    ///
    /// `GET /invoices`: <https://docs.dolfinai.co/api-reference/invoices/list-invoices>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListInvoicesError::BadRequest), 401 is [`Unauthorized`](types::ListInvoicesError::Unauthorized), 403 is [`Forbidden`](types::ListInvoicesError::Forbidden), 404 is [`NotFound`](types::ListInvoicesError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_invoices(
        &self,
        x_dolfin_organisation_id: &str,
        params: &types::ListInvoicesParams,
    ) -> Result<types::InvoicePage, crate::Error<types::ListInvoicesError>> {
        {
            let value = x_dolfin_organisation_id;
            let at = "x-dolfin-organisation-id";
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        params.check()?;
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .list_invoices(
                            params.cursor.as_deref(),
                            params.customer_id.as_deref(),
                            params.issue_date_from.as_ref().map(|value| value.as_str()),
                            params.issue_date_to.as_ref().map(|value| value.as_str()),
                            params.limit,
                            params.status.as_deref(),
                            x_dolfin_organisation_id,
                        )
                },
                &operations::LIST_INVOICES,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// List Client members
    ///
    /// The portal members of a Client, for a Bearer user or an API key that has access to that Client.
    ///
    /// `GET /clients/{clientId}/members`: <https://docs.dolfinai.co/api-reference/members/list-client-members>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListClientMembersError::BadRequest), 401 is [`Unauthorized`](types::ListClientMembersError::Unauthorized), 403 is [`Forbidden`](types::ListClientMembersError::Forbidden), 404 is [`NotFound`](types::ListClientMembersError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_client_members(
        &self,
        client_id: &str,
    ) -> Result<
        ::std::vec::Vec<::serde_json::Map<::std::string::String, ::serde_json::Value>>,
        crate::Error<types::ListClientMembersError>,
    > {
        {
            let value = client_id;
            let at = "clientId";
            if matches!(client_id, "" | "." | "..") {
                return Err(
                    crate::InvalidRequest::new(at, "must not be empty or a dot segment")
                        .into(),
                );
            }
            if !crate::open::is_uuid(value) {
                return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
            }
        }

        self.session
            .call(
                &|| self.requests.list_client_members(client_id),
                &operations::LIST_CLIENT_MEMBERS,
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

    /// Create auth code
    ///
    /// A platform's backend asks for a short-lived code on behalf of a user. The token that the code is exchanged for covers all organisations of that user; each request then picks one with the header `x-dolfin-organisation-id`.
    ///
    /// `POST /auth/codes`: <https://docs.dolfinai.co/api-reference/auth/create-auth-code>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateAuthCodeError::BadRequest), 401 is [`Unauthorized`](types::CreateAuthCodeError::Unauthorized), 403 is [`Forbidden`](types::CreateAuthCodeError::Forbidden), 404 is [`NotFound`](types::CreateAuthCodeError::NotFound), 413 is [`ContentTooLarge`](types::CreateAuthCodeError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateAuthCodeError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_auth_code(
        &self,
        body: &types::CreateAuthCodeRequest,
    ) -> Result<
        types::CreateAuthCodeResponse,
        crate::Error<types::CreateAuthCodeError>,
    > {
        body.check("")?;
        self.session
            .call(
                &|| self.requests.create_auth_code(body),
                &operations::CREATE_AUTH_CODE,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Exchange code
    ///
    /// Turns a short-lived authorisation code into an access token.
    ///
    /// `POST /auth/exchange`: <https://docs.dolfinai.co/api-reference/auth/exchange-code>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ExchangeAuthCodeError::BadRequest), 401 is [`Unauthorized`](types::ExchangeAuthCodeError::Unauthorized), 413 is [`ContentTooLarge`](types::ExchangeAuthCodeError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::ExchangeAuthCodeError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn exchange_auth_code(
        &self,
        body: &types::ExchangeRequest,
    ) -> Result<types::AuthResponse, crate::Error<types::ExchangeAuthCodeError>> {
        self.session
            .call(
                &|| self.requests.exchange_auth_code(body),
                &operations::EXCHANGE_AUTH_CODE,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Get current user with Organisation + Client memberships
    ///
    /// The Bearer user who calls, with the names, roles and Client types that the token itself does not carry.
    ///
    /// `GET /me`: <https://docs.dolfinai.co/api-reference/auth/get-current-user-with-organisation-%2B-client-memberships>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetCurrentUserError::Unauthorized), 403 is [`Forbidden`](types::GetCurrentUserError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_current_user(
        &self,
    ) -> Result<types::CurrentUserResponse, crate::Error<types::GetCurrentUserError>> {
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

    /// Create API key
    ///
    /// Makes a new API key for the Client that calls. A Bearer user has to be Admin or Owner of the active Client.
    ///
    /// `POST /api-keys`: <https://docs.dolfinai.co/api-reference/apikeys/create-api-key>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 404 is [`NotFound`](types::CreateApiKeyError::NotFound), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
    ) -> Result<types::CreateApiKeyResponse, crate::Error<types::CreateApiKeyError>> {
        self.session
            .call(
                &|| self.requests.create_api_key(body),
                &operations::CREATE_API_KEY,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Revoke API key
    ///
    /// Ends the use of an active API key. A Bearer user has to be Admin or Owner of the active Client.
    ///
    /// `POST /api-keys/{id}/revoke`: <https://docs.dolfinai.co/api-reference/apikeys/revoke-api-key>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::RevokeApiKeyError::BadRequest), 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 409 is [`Conflict`](types::RevokeApiKeyError::Conflict).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn revoke_api_key(
        &self,
        id: &str,
    ) -> Result<(), crate::Error<types::RevokeApiKeyError>> {
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

        self.session
            .call(
                &|| self.requests.revoke_api_key(id),
                &operations::REVOKE_API_KEY,
                |status, _body| match status {
                    204 => Some(Ok(())),
                    _ => None,
                },
            )
            .await
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::dolfin::Client {
    /// Get supplier credit balance
    ///
    /// The credit that can still be set against bills of this supplier, one entry for each currency.
    ///
    /// `GET /suppliers/{supplierId}/credit`: <https://docs.dolfinai.co/api-reference/supplier-credit-notes/get-supplier-credit-balance>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::GetSupplierCreditError::BadRequest), 401 is [`Unauthorized`](types::GetSupplierCreditError::Unauthorized), 403 is [`Forbidden`](types::GetSupplierCreditError::Forbidden), 404 is [`NotFound`](types::GetSupplierCreditError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_supplier_credit(
        &self,
        supplier_id: &str,
        x_dolfin_organisation_id: &str,
    ) -> Result<
        ::std::vec::Vec<types::SupplierCreditBalance>,
        crate::Error<types::GetSupplierCreditError>,
    > {
        self.wait(self.client.get_supplier_credit(supplier_id, x_dolfin_organisation_id))
    }

    /// Get supplier credit ledger
    ///
    /// The movements behind a supplier's credit balance, newest first and page by page: issued credit notes count up, applications to bills count down.
    ///
    /// `GET /suppliers/{supplierId}/credit/ledger`: <https://docs.dolfinai.co/api-reference/supplier-credit-notes/get-supplier-credit-ledger>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListSupplierCreditLedgerError::BadRequest), 401 is [`Unauthorized`](types::ListSupplierCreditLedgerError::Unauthorized), 403 is [`Forbidden`](types::ListSupplierCreditLedgerError::Forbidden), 404 is [`NotFound`](types::ListSupplierCreditLedgerError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_supplier_credit_ledger(
        &self,
        supplier_id: &str,
        x_dolfin_organisation_id: &str,
        params: &types::ListSupplierCreditLedgerParams,
    ) -> Result<
        types::SupplierCreditLedgerPage,
        crate::Error<types::ListSupplierCreditLedgerError>,
    > {
        self.wait(
            self
                .client
                .list_supplier_credit_ledger(
                    supplier_id,
                    x_dolfin_organisation_id,
                    params,
                ),
        )
    }

    /// List invoices
    ///
    /// The invoices of the organisation, page by page.
    ///
    /// `GET /invoices`: <https://docs.dolfinai.co/api-reference/invoices/list-invoices>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListInvoicesError::BadRequest), 401 is [`Unauthorized`](types::ListInvoicesError::Unauthorized), 403 is [`Forbidden`](types::ListInvoicesError::Forbidden), 404 is [`NotFound`](types::ListInvoicesError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_invoices(
        &self,
        x_dolfin_organisation_id: &str,
        params: &types::ListInvoicesParams,
    ) -> Result<types::InvoicePage, crate::Error<types::ListInvoicesError>> {
        self.wait(self.client.list_invoices(x_dolfin_organisation_id, params))
    }

    /// List Client members
    ///
    /// The portal members of a Client, for a Bearer user or an API key that has access to that Client.
    ///
    /// `GET /clients/{clientId}/members`: <https://docs.dolfinai.co/api-reference/members/list-client-members>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ListClientMembersError::BadRequest), 401 is [`Unauthorized`](types::ListClientMembersError::Unauthorized), 403 is [`Forbidden`](types::ListClientMembersError::Forbidden), 404 is [`NotFound`](types::ListClientMembersError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_client_members(
        &self,
        client_id: &str,
    ) -> Result<
        ::std::vec::Vec<::serde_json::Map<::std::string::String, ::serde_json::Value>>,
        crate::Error<types::ListClientMembersError>,
    > {
        self.wait(self.client.list_client_members(client_id))
    }

    /// Create auth code
    ///
    /// A platform's backend asks for a short-lived code on behalf of a user. The token that the code is exchanged for covers all organisations of that user; each request then picks one with the header `x-dolfin-organisation-id`.
    ///
    /// `POST /auth/codes`: <https://docs.dolfinai.co/api-reference/auth/create-auth-code>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateAuthCodeError::BadRequest), 401 is [`Unauthorized`](types::CreateAuthCodeError::Unauthorized), 403 is [`Forbidden`](types::CreateAuthCodeError::Forbidden), 404 is [`NotFound`](types::CreateAuthCodeError::NotFound), 413 is [`ContentTooLarge`](types::CreateAuthCodeError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateAuthCodeError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_auth_code(
        &self,
        body: &types::CreateAuthCodeRequest,
    ) -> Result<
        types::CreateAuthCodeResponse,
        crate::Error<types::CreateAuthCodeError>,
    > {
        self.wait(self.client.create_auth_code(body))
    }

    /// Exchange code
    ///
    /// Turns a short-lived authorisation code into an access token.
    ///
    /// `POST /auth/exchange`: <https://docs.dolfinai.co/api-reference/auth/exchange-code>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::ExchangeAuthCodeError::BadRequest), 401 is [`Unauthorized`](types::ExchangeAuthCodeError::Unauthorized), 413 is [`ContentTooLarge`](types::ExchangeAuthCodeError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::ExchangeAuthCodeError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn exchange_auth_code(
        &self,
        body: &types::ExchangeRequest,
    ) -> Result<types::AuthResponse, crate::Error<types::ExchangeAuthCodeError>> {
        self.wait(self.client.exchange_auth_code(body))
    }

    /// Get current user with Organisation + Client memberships
    ///
    /// The Bearer user who calls, with the names, roles and Client types that the token itself does not carry.
    ///
    /// `GET /me`: <https://docs.dolfinai.co/api-reference/auth/get-current-user-with-organisation-%2B-client-memberships>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetCurrentUserError::Unauthorized), 403 is [`Forbidden`](types::GetCurrentUserError::Forbidden).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_current_user(
        &self,
    ) -> Result<types::CurrentUserResponse, crate::Error<types::GetCurrentUserError>> {
        self.wait(self.client.get_current_user())
    }

    /// Create API key
    ///
    /// Makes a new API key for the Client that calls. A Bearer user has to be Admin or Owner of the active Client.
    ///
    /// `POST /api-keys`: <https://docs.dolfinai.co/api-reference/apikeys/create-api-key>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::CreateApiKeyError::BadRequest), 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 404 is [`NotFound`](types::CreateApiKeyError::NotFound), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
    ) -> Result<types::CreateApiKeyResponse, crate::Error<types::CreateApiKeyError>> {
        self.wait(self.client.create_api_key(body))
    }

    /// Revoke API key
    ///
    /// Ends the use of an active API key. A Bearer user has to be Admin or Owner of the active Client.
    ///
    /// `POST /api-keys/{id}/revoke`: <https://docs.dolfinai.co/api-reference/apikeys/revoke-api-key>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 400 is [`BadRequest`](types::RevokeApiKeyError::BadRequest), 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 409 is [`Conflict`](types::RevokeApiKeyError::Conflict).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn revoke_api_key(
        &self,
        id: &str,
    ) -> Result<(), crate::Error<types::RevokeApiKeyError>> {
        self.wait(self.client.revoke_api_key(id))
    }
}

/// The operations by name, with the kinds of credentials that each takes; none if it is public.
mod operations {
    use crate::transport::{Operation, Scheme};
    pub(super) const GET_SUPPLIER_CREDIT: Operation = Operation {
        name: "get_supplier_credit",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LIST_SUPPLIER_CREDIT_LEDGER: Operation = Operation {
        name: "list_supplier_credit_ledger",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LIST_INVOICES: Operation = Operation {
        name: "list_invoices",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const LIST_CLIENT_MEMBERS: Operation = Operation {
        name: "list_client_members",
        accept: "application/json",
        schemes: &[Scheme::ApiKey, Scheme::Authorization],
    };
    pub(super) const CREATE_AUTH_CODE: Operation = Operation {
        name: "create_auth_code",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const EXCHANGE_AUTH_CODE: Operation = Operation {
        name: "exchange_auth_code",
        accept: "application/json",
        schemes: &[],
    };
    pub(super) const GET_CURRENT_USER: Operation = Operation {
        name: "get_current_user",
        accept: "application/json",
        schemes: &[Scheme::Authorization],
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
}

/// What the operations take and answer.
pub mod types {
    pub use crate::open::UnknownValue;
    /// In the answer of `exchange_auth_code`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct AuthResponse {
        /// Bearer token issued by Dolfin
        #[serde(serialize_with = "crate::secret::redact")]
        pub token: crate::Secret,
        /// The user whom the token stands for
        ///
        /// A UUID.
        #[serde(rename = "userId")]
        pub user_id: String,
        /// Email of that user
        pub email: String,
        /// Organisations that the user belongs to
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub organisations: Vec<OrganisationMembership>,
        /// Clients that the user may enter in the portal
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub clients: Option<Vec<ClientMembership>>,
    }

    /// Part of [`AuthResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct OrganisationMembership {
        /// Id of an organisation that the user belongs to, for the header `x-dolfin-organisation-id`.
        ///
        /// A UUID.
        #[serde(
            rename = "organisationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organisation_id: Option<String>,
        /// What people call that organisation.
        #[serde(
            rename = "organisationName",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organisation_name: Option<String>,
    }

    /// Part of [`AuthResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ClientMembership {
        /// Id of a Client that the user may enter in the portal.
        ///
        /// A UUID.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// What people call that Client.
        #[serde(rename = "clientName", default, skip_serializing_if = "Option::is_none")]
        pub client_name: Option<String>,
    }

    /// The request of `create_api_key`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateApiKeyRequest {
        /// What people call the key (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// When the key expires. It has to be in the future; what leaving it out means is not said.
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
    }

    /// In the answer of `create_api_key`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreateApiKeyResponse {
        /// Id of the key, by which it is revoked.
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Id of the Client that the key belongs to.
        ///
        /// A UUID.
        #[serde(rename = "clientId")]
        pub client_id: String,
        /// The key itself, to send as `x-dolfin-api-key` (inferred from the name).
        #[serde(rename = "rawKey", serialize_with = "crate::secret::redact")]
        pub raw_key: crate::Secret,
        /// Beginning of the key, to know it by (inferred from the name).
        #[serde(rename = "keyPrefix")]
        pub key_prefix: String,
        /// What people call the key (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// When the key was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// When the key expires (inferred from the name).
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
    }

    /// The request of `create_auth_code`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateAuthCodeRequest {
        /// Id of the user whom the code is for.
        ///
        /// A UUID.
        #[serde(rename = "userId", default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
    }

    impl CreateAuthCodeRequest {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.user_id {
                let at = format!("{at}/userId");
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    /// The request of `exchange_auth_code`.
    ///
    /// Serialised, it holds its secrets in plain, as the request does: do not log that.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct ExchangeRequest {
        /// The code that was made for a user.
        #[serde(serialize_with = "crate::secret::expose")]
        pub code: crate::Secret,
    }

    impl ExchangeRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(code: impl Into<crate::Secret>) -> Self {
            Self { code: code.into() }
        }
    }

    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ProblemDetails {
        /// A URI that tells the sort of problem.
        #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
        pub type_: Option<String>,
        /// The sort of problem, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub title: Option<String>,
        /// The HTTP status once more.
        ///
        /// At least -2147483648. At most 2147483647.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub status: Option<i64>,
        /// This very problem, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub detail: Option<String>,
        /// A URI that tells this very problem from others.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance: Option<String>,
    }

    /// In the answer of `create_auth_code`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreateAuthCodeResponse {
        /// The code, to be exchanged for a token of the user soon.
        #[serde(serialize_with = "crate::secret::redact")]
        pub code: crate::Secret,
        /// When the code expires (inferred from the name).
        #[serde(rename = "expiresAt", default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
    }

    /// Part of [`CurrentUserResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CurrentUserClient {
        /// Id of the Client (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What people call the Client (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Whether the Client is `Live` or a `Sandbox`.
        #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
        pub type_: Option<String>,
        /// Role of the user there, such as `Member`, `Admin` or `Owner`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
    }

    /// Part of [`CurrentUserResponse`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CurrentUserOrganisation {
        /// Id of the organisation (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// What people call the organisation (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the Client that the organisation is under.
        ///
        /// A UUID.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        pub client_id: Option<String>,
        /// Role of the user there: `Member`, `Admin` or `Owner`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
    }

    /// In the answer of `get_current_user`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CurrentUserResponse {
        /// Id of the user (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "userId")]
        pub user_id: String,
        /// Email address of the user (inferred from the name).
        pub email: String,
        /// The organisations that the user belongs to (inferred from the name).
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub organisations: Vec<CurrentUserOrganisation>,
        /// The Clients that the user is a member of (inferred from the name).
        #[serde(deserialize_with = "crate::open::null_is_empty")]
        pub clients: Vec<CurrentUserClient>,
        /// What people call the user (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
    }

    /// Part of [`InvoicePage`].
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Invoice {
        /// The currency of the amounts (inferred from the name).
        pub currency: String,
        /// Id of the invoice (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Id of the organisation that bills (inferred from the name).
        ///
        /// A UUID.
        #[serde(
            rename = "organisationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organisation_id: Option<String>,
        /// Id of the customer who is billed (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "customerId", default, skip_serializing_if = "Option::is_none")]
        pub customer_id: Option<String>,
        /// Number of the invoice (inferred from the name).
        #[serde(
            rename = "documentNumber",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub document_number: Option<String>,
        /// When it was issued (inferred from the name).
        #[serde(rename = "issueDate", default, skip_serializing_if = "Option::is_none")]
        pub issue_date: Option<crate::Timestamp>,
        /// Until when it is to be paid (inferred from the name).
        #[serde(rename = "dueDate", default, skip_serializing_if = "Option::is_none")]
        pub due_date: Option<crate::Timestamp>,
        /// See [`InvoiceStatus`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<InvoiceStatus>,
        /// Sum without tax, in its currency (inferred from the name).
        #[serde(
            rename = "subTotal",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub sub_total: Option<f64>,
        /// Tax, in its currency (inferred from the name).
        #[serde(
            rename = "taxAmount",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub tax_amount: Option<f64>,
        /// Sum with tax, in its currency (inferred from the name).
        #[serde(
            rename = "totalAmount",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub total_amount: Option<f64>,
        /// What was paid of it, in its currency (inferred from the name).
        #[serde(
            rename = "amountPaid",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub amount_paid: Option<f64>,
        /// What was credited of it, in its currency (inferred from the name).
        #[serde(
            rename = "amountCredited",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub amount_credited: Option<f64>,
        /// What is still to be paid, in its currency (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub outstanding: Option<f64>,
        /// Id of the schedule that makes such an invoice again and again (inferred from the name).
        ///
        /// A UUID.
        #[serde(
            rename = "recurringScheduleId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub recurring_schedule_id: Option<String>,
        /// Which of its schedule it is (inferred from the name).
        #[serde(
            rename = "recurringOccurrenceNumber",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub recurring_occurrence_number: Option<f64>,
        /// A note on it (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub memo: Option<String>,
        /// When it was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made it (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// When it was last changed (inferred from the name).
        #[serde(rename = "updatedAt", default, skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<crate::Timestamp>,
        /// Id of the user who last changed it (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "updatedBy", default, skip_serializing_if = "Option::is_none")]
        pub updated_by: Option<String>,
        /// Where it can be paid (inferred from the name).
        #[serde(rename = "paymentUrl", default, skip_serializing_if = "Option::is_none")]
        pub payment_url: Option<String>,
        /// See [`InvoiceCustomer`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub customer: Option<InvoiceCustomer>,
        /// What is billed, line by line (inferred from the name).
        #[serde(rename = "lineItems", default, skip_serializing_if = "Option::is_none")]
        pub line_items: Option<Vec<InvoiceLineItem>>,
    }

    /// Part of [`Invoice`].
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum InvoiceStatus {
        /// `Draft`
        Draft,
        /// `Sent`
        Sent,
        /// `Paid`
        Paid,
        /// `Void`
        Void,
        /// `PartiallyPaid`
        PartiallyPaid,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl InvoiceStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::Draft,
            Self::Sent,
            Self::Paid,
            Self::Void,
            Self::PartiallyPaid,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Draft => "Draft",
                Self::Sent => "Sent",
                Self::Paid => "Paid",
                Self::Void => "Void",
                Self::PartiallyPaid => "PartiallyPaid",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for InvoiceStatus {
        fn from(value: &str) -> Self {
            match value {
                "Draft" => Self::Draft,
                "Sent" => Self::Sent,
                "Paid" => Self::Paid,
                "Void" => Self::Void,
                "PartiallyPaid" => Self::PartiallyPaid,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(InvoiceStatus);
    /// Part of [`Invoice`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct InvoiceCustomer {
        /// What people call the customer (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Id of the customer (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Id of the organisation whose customer it is (inferred from the name).
        ///
        /// A UUID.
        #[serde(
            rename = "organisationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub organisation_id: Option<String>,
        /// Email address (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email: Option<String>,
        /// Phone number (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
        /// Tax number (inferred from the name).
        #[serde(rename = "taxNumber", default, skip_serializing_if = "Option::is_none")]
        pub tax_number: Option<String>,
        /// First line of the address (inferred from the name).
        #[serde(
            rename = "addressLine1",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub address_line1: Option<String>,
        /// Second line of the address (inferred from the name).
        #[serde(
            rename = "addressLine2",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub address_line2: Option<String>,
        /// City of the address (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub city: Option<String>,
        /// State of the address (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<String>,
        /// Postal code of the address (inferred from the name).
        #[serde(rename = "postalCode", default, skip_serializing_if = "Option::is_none")]
        pub postal_code: Option<String>,
        /// Country of the address (inferred from the name); in which words is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub country: Option<String>,
        /// When it was made (inferred from the name).
        #[serde(rename = "createdAt", default, skip_serializing_if = "Option::is_none")]
        pub created_at: Option<crate::Timestamp>,
        /// Id of the user who made it (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "createdBy", default, skip_serializing_if = "Option::is_none")]
        pub created_by: Option<String>,
        /// When it was last changed (inferred from the name).
        #[serde(rename = "updatedAt", default, skip_serializing_if = "Option::is_none")]
        pub updated_at: Option<crate::Timestamp>,
        /// Id of the user who last changed it (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "updatedBy", default, skip_serializing_if = "Option::is_none")]
        pub updated_by: Option<String>,
    }

    /// Part of [`Invoice`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct InvoiceLineItem {
        /// What is billed, for people (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub description: Option<String>,
        /// Id of the line (inferred from the name).
        ///
        /// A UUID.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        /// Id of the product (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "productId", default, skip_serializing_if = "Option::is_none")]
        pub product_id: Option<String>,
        /// What people call the product (inferred from the name).
        #[serde(
            rename = "productName",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub product_name: Option<String>,
        /// Id of the tax rate (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "taxRateId", default, skip_serializing_if = "Option::is_none")]
        pub tax_rate_id: Option<String>,
        /// How many (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub quantity: Option<f64>,
        /// Price of one, in the currency of the invoice (inferred from the name).
        #[serde(
            rename = "unitPrice",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub unit_price: Option<f64>,
        /// Tax on the line, in the currency of the invoice (inferred from the name).
        #[serde(
            rename = "taxAmount",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub tax_amount: Option<f64>,
        /// Sum of the line without tax, in the currency of the invoice (inferred from the name).
        #[serde(
            rename = "subTotal",
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub sub_total: Option<f64>,
        /// See [`TaxRateSnapshot`].
        #[serde(
            rename = "taxRateSnapshot",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub tax_rate_snapshot: Option<TaxRateSnapshot>,
    }

    /// Part of [`InvoiceLineItem`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TaxRateSnapshot {
        /// Code of the tax rate (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub code: Option<String>,
        /// What people call the tax rate (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Where the tax rate is from (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub source: Option<String>,
        /// The rate (inferred from the name); whether it is a percentage is not said.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub rate: Option<f64>,
        /// Id of what it is from (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "sourceId", default, skip_serializing_if = "Option::is_none")]
        pub source_id: Option<String>,
        /// When the rate was written down for the invoice (inferred from the name).
        #[serde(
            rename = "snapshottedAt",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub snapshotted_at: Option<crate::Timestamp>,
    }

    /// In the answer of `list_invoices`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct InvoicePage {
        /// The items of this page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<Vec<Invoice>>,
        /// See [`PageMeta`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meta: Option<PageMeta>,
        /// Cursor of the next page, in the page shape of the introduction
        #[serde(rename = "nextCursor", default, skip_serializing_if = "Option::is_none")]
        pub next_cursor: Option<String>,
        /// Whether another page follows, in the page shape of the introduction
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
    }

    /// Part of [`InvoicePage`], [`SupplierCreditLedgerPage`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PageMeta {
        /// See [`PageCursors`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub cursors: Option<PageCursors>,
    }

    /// Part of [`PageMeta`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct PageCursors {
        /// Cursor of this page (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub current: Option<String>,
        /// Cursor of the next page, for `Cursor` (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next: Option<String>,
        /// Cursor of the page before (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<String>,
    }

    /// In the answer of `get_supplier_credit`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SupplierCreditBalance {
        /// Currency as an ISO 4217 code
        pub currency: String,
        /// Credit in this currency that can still be applied to the supplier's bills
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub available: Option<f64>,
    }

    /// Part of [`SupplierCreditLedgerPage`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SupplierCreditLedgerEntry {
        /// Currency as an ISO 4217 code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub currency: Option<String>,
        /// Id of the credit note (inferred from the name).
        ///
        /// A UUID.
        #[serde(
            rename = "supplierCreditNoteId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub supplier_credit_note_id: Option<String>,
        /// Id of the bill (inferred from the name).
        ///
        /// A UUID.
        #[serde(rename = "billId", default, skip_serializing_if = "Option::is_none")]
        pub bill_id: Option<String>,
        /// Id of the application of the credit (inferred from the name).
        ///
        /// A UUID.
        #[serde(
            rename = "applicationId",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        pub application_id: Option<String>,
        /// What people refer to it by (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reference: Option<String>,
        /// How much, in its currency (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub amount: Option<f64>,
        /// When it happened (inferred from the name).
        #[serde(rename = "occurredAt", default, skip_serializing_if = "Option::is_none")]
        pub occurred_at: Option<crate::Timestamp>,
    }

    /// In the answer of `list_supplier_credit_ledger`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SupplierCreditLedgerPage {
        /// The items of this page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<Vec<SupplierCreditLedgerEntry>>,
        /// See [`PageMeta`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meta: Option<PageMeta>,
        /// Cursor of the next page, in the page shape of the introduction
        #[serde(rename = "nextCursor", default, skip_serializing_if = "Option::is_none")]
        pub next_cursor: Option<String>,
        /// Whether another page follows, in the page shape of the introduction
        #[serde(rename = "hasMore", default, skip_serializing_if = "Option::is_none")]
        pub has_more: Option<bool>,
    }

    /// What may be asked of `list_supplier_credit_ledger` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListSupplierCreditLedgerParams {
        /// Where the page begins: the cursor that the page before told. Without it, the first page.
        pub cursor: Option<String>,
        /// How many items a page holds at most. The greatest that may be asked for is not said.
        ///
        /// At least -2147483648. At most 2147483647. If it is left out, the vendor takes `20`.
        pub limit: Option<i64>,
    }

    /// What may be asked of `list_invoices` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListInvoicesParams {
        /// Where the page begins: the cursor that the page before told. Without it, the first page.
        pub cursor: Option<String>,
        /// How many items a page holds at most. The greatest that may be asked for is not said.
        ///
        /// At least -2147483648. At most 2147483647. If it is left out, the vendor takes `20`.
        pub limit: Option<i64>,
        /// Only invoices in this state (inferred from the name).
        pub status: Option<String>,
        /// Only invoices to this customer (inferred from the name).
        ///
        /// A UUID.
        pub customer_id: Option<String>,
        /// Only invoices issued then or later (inferred from the name).
        pub issue_date_from: Option<crate::Timestamp>,
        /// Only invoices issued then or earlier (inferred from the name).
        pub issue_date_to: Option<crate::Timestamp>,
    }

    impl ListSupplierCreditLedgerParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.limit {
                let at = "Limit".to_owned();
                if *value < -2147483648 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least -2147483648")
                            .into(),
                    );
                }
                if *value > 2147483647 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 2147483647")
                            .into(),
                    );
                }
            }
            Ok(())
        }
    }

    impl ListInvoicesParams {
        /// Whether the vendor's limits are kept.
        pub(crate) fn check(&self) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.limit {
                let at = "Limit".to_owned();
                if *value < -2147483648 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least -2147483648")
                            .into(),
                    );
                }
                if *value > 2147483647 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 2147483647")
                            .into(),
                    );
                }
            }
            if let Some(value) = &self.customer_id {
                let at = "CustomerId".to_owned();
                if !crate::open::is_uuid(value) {
                    return Err(crate::InvalidRequest::new(at, "must be a UUID").into());
                }
            }
            Ok(())
        }
    }

    /// How `get_supplier_credit` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetSupplierCreditError {
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The credential is not valid here, or the organisation is not one of the caller's Client
        Forbidden(ProblemDetails),
        /// No such organisation or supplier for this caller
        NotFound(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for GetSupplierCreditError {
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

    /// How `list_supplier_credit_ledger` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListSupplierCreditLedgerError {
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The credential is not valid here, or the organisation is not one of the caller's Client
        Forbidden(ProblemDetails),
        /// No such organisation or supplier for this caller
        NotFound(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for ListSupplierCreditLedgerError {
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

    /// How `list_invoices` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListInvoicesError {
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The credential is not valid here, or the organisation is not one of the caller's Client
        Forbidden(ProblemDetails),
        /// No such organisation or supplier for this caller
        NotFound(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for ListInvoicesError {
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

    /// How `list_client_members` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListClientMembersError {
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// Member.Forbidden — the caller has no access to this Client
        Forbidden(ProblemDetails),
        /// No such Client for this caller
        NotFound(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for ListClientMembersError {
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

    /// How `create_auth_code` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum CreateAuthCodeError {
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The credential is not valid here, or the organisation is not one of the caller's Client
        Forbidden(ProblemDetails),
        /// No such user for this caller
        NotFound(ProblemDetails),
        /// The body is larger than the server takes
        ContentTooLarge(ProblemDetails),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for CreateAuthCodeError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                _ => None,
            }
        }
    }

    /// How `exchange_auth_code` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ExchangeAuthCodeError {
        /// Auth.NotUserScopedToken — the code was not made for a user; also a code that is unknown, used or expired (assumption dolfin.bad-auth-code), and a malformed request
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The body is larger than the server takes
        ContentTooLarge(ProblemDetails),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for ExchangeAuthCodeError {
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

    /// How `get_current_user` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetCurrentUserError {
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// The credential is not valid here, or the organisation is not one of the caller's Client
        Forbidden(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for GetCurrentUserError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
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
        /// ApiKey.ExpiresAtInPast — the expiry lies not in the future; also a malformed request
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// Member.Forbidden — the caller is neither Admin nor Owner of this Client
        Forbidden(ProblemDetails),
        /// No such organisation for this caller
        NotFound(ProblemDetails),
        /// The body is larger than the server takes
        ContentTooLarge(ProblemDetails),
        /// The body is of a media type that this operation does not take
        UnsupportedMediaType(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for CreateApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
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
        /// The request is malformed or breaks a rule of this document
        BadRequest(ProblemDetails),
        /// The credential is missing, unknown, expired or revoked, or of a kind that this operation does not take. Assumption dolfin.bad-key-status
        Unauthorized(ProblemDetails),
        /// Member.Forbidden — the caller is neither Admin nor Owner of this Client
        Forbidden(ProblemDetails),
        /// ApiKey.NotFound — the caller's Client has no such key
        NotFound(ProblemDetails),
        /// The key is already revoked (another reading of dolfin.second-revoke)
        Conflict(ProblemDetails),
    }

    impl crate::wire::ErrorAnswer for RevokeApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                400 => crate::wire::json(body).ok().map(Self::BadRequest),
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                409 => crate::wire::json(body).ok().map(Self::Conflict),
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
        /// `GET /suppliers/{supplierId}/credit`
        pub fn get_supplier_credit<'a>(
            &'a self,
            supplier_id: &'a str,
            x_dolfin_organisation_id: &'a str,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/suppliers/{}/credit", self.baseurl, encode_path(& supplier_id
                        .to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    "x-dolfin-organisation-id",
                    x_dolfin_organisation_id.to_string().try_into()?,
                );
            Ok(self.client.get(url).headers(header_map).build()?)
        }

        /// `GET /suppliers/{supplierId}/credit/ledger`
        pub fn list_supplier_credit_ledger<'a>(
            &'a self,
            supplier_id: &'a str,
            cursor: Option<&'a str>,
            limit: Option<i64>,
            x_dolfin_organisation_id: &'a str,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/suppliers/{}/credit/ledger", self.baseurl, encode_path(&
                        supplier_id.to_string()),
                    ),
                );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    "x-dolfin-organisation-id",
                    x_dolfin_organisation_id.to_string().try_into()?,
                );
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("Cursor", &cursor))
                    .query(&progenitor_client::QueryParam::new("Limit", &limit))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `GET /invoices`
        pub fn list_invoices<'a>(
            &'a self,
            cursor: Option<&'a str>,
            customer_id: Option<&'a str>,
            issue_date_from: Option<&'a str>,
            issue_date_to: Option<&'a str>,
            limit: Option<i64>,
            status: Option<&'a str>,
            x_dolfin_organisation_id: &'a str,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/invoices", self.baseurl,));
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    "x-dolfin-organisation-id",
                    x_dolfin_organisation_id.to_string().try_into()?,
                );
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("Cursor", &cursor))
                    .query(
                        &progenitor_client::QueryParam::new("CustomerId", &customer_id),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "IssueDateFrom",
                            &issue_date_from,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "IssueDateTo",
                            &issue_date_to,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("Limit", &limit))
                    .query(&progenitor_client::QueryParam::new("Status", &status))
                    .headers(header_map)
                    .build()?,
            )
        }

        /// `GET /clients/{clientId}/members`
        pub fn list_client_members<'a>(
            &'a self,
            client_id: &'a str,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/clients/{}/members", self.baseurl, encode_path(& client_id
                        .to_string()),
                    ),
                );
            Ok(self.client.get(url).build()?)
        }

        /// `POST /auth/codes`
        pub fn create_auth_code<'a>(
            &'a self,
            body: &'a crate::generated::dolfin::types::CreateAuthCodeRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/auth/codes", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `POST /auth/exchange`
        pub fn exchange_auth_code<'a>(
            &'a self,
            body: &'a crate::generated::dolfin::types::ExchangeRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/auth/exchange", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `GET /me`
        pub fn get_current_user<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/me", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `POST /api-keys`
        pub fn create_api_key<'a>(
            &'a self,
            body: &'a crate::generated::dolfin::types::CreateApiKeyRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api-keys", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `POST /api-keys/{id}/revoke`
        pub fn revoke_api_key<'a>(
            &'a self,
            id: &'a str,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/api-keys/{}/revoke", self.baseurl, encode_path(& id
                        .to_string()),
                    ),
                );
            Ok(self.client.post(url).build()?)
        }
    }
}
