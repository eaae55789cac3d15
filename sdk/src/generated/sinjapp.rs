// Written by `cargo xtask generate`; do not edit.

/// What stands between a client's base URL and the paths of the document.
pub(crate) const SERVER_PATH: &str = "/api/v1";
impl crate::sinjapp::Client {
    /// Current tenant context
    ///
    /// Tells whom the presented key speaks for. Any active key may ask.
    ///
    /// `GET /me`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1me/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetTenantContextError::Unauthorized), 404 is [`NotFound`](types::GetTenantContextError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_tenant_context(
        &self,
    ) -> Result<types::TenantContext, crate::Error<types::GetTenantContextError>> {
        self.session
            .call(
                &|| self.requests.get_tenant_context(),
                &operations::GET_TENANT_CONTEXT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Current tenant subscription
    ///
    /// Gives the plan of the tenant with its limits and a snapshot of use. Any active key may ask.
    ///
    /// `GET /subscription`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1subscription/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetTenantSubscriptionError::Unauthorized), 404 is [`NotFound`](types::GetTenantSubscriptionError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_tenant_subscription(
        &self,
    ) -> Result<
        types::TenantSubscription,
        crate::Error<types::GetTenantSubscriptionError>,
    > {
        self.session
            .call(
                &|| self.requests.get_tenant_subscription(),
                &operations::GET_TENANT_SUBSCRIPTION,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Create an API key
    ///
    /// Makes a further key for the tenant. No scope is named that the calling key would need.
    ///
    /// `POST /api-keys`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 404 is [`NotFound`](types::CreateApiKeyError::NotFound), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::CreateApiKeyError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
    ) -> Result<types::CreatedApiKey, crate::Error<types::CreateApiKeyError>> {
        body.check("")?;
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

    /// Revoke an API key
    ///
    /// Ends a key, named by its number. No scope is named that the calling key would need.
    ///
    /// `DELETE /api-keys/{apiKey}`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys~1{apiKey}/delete>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 422 is [`UnprocessableEntity`](types::RevokeApiKeyError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn revoke_api_key(
        &self,
        api_key: i64,
    ) -> Result<(), crate::Error<types::RevokeApiKeyError>> {
        self.session
            .call(
                &|| self.requests.revoke_api_key(api_key),
                &operations::REVOKE_API_KEY,
                |status, _body| match status {
                    204 => Some(Ok(())),
                    _ => None,
                },
            )
            .await
    }

    /// List sender numbers
    ///
    /// Lists the sender numbers that the tenant registered. Any active key may ask.
    ///
    /// `GET /sender-numbers`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1sender-numbers/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListSenderNumbersError::Unauthorized), 404 is [`NotFound`](types::ListSenderNumbersError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_sender_numbers(
        &self,
    ) -> Result<types::SenderNumberList, crate::Error<types::ListSenderNumbersError>> {
        self.session
            .call(
                &|| self.requests.list_sender_numbers(),
                &operations::LIST_SENDER_NUMBERS,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Register a sender number
    ///
    /// Registers a phone to send from. Its owner gets a one-time password, which the tenant enters in the dashboard.
    ///
    /// `POST /sender-numbers`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1sender-numbers/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RegisterSenderNumberError::Unauthorized), 403 is [`Forbidden`](types::RegisterSenderNumberError::Forbidden), 404 is [`NotFound`](types::RegisterSenderNumberError::NotFound), 413 is [`ContentTooLarge`](types::RegisterSenderNumberError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::RegisterSenderNumberError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::RegisterSenderNumberError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn register_sender_number(
        &self,
        body: &types::RegisterSenderNumberRequest,
    ) -> Result<
        types::RegisteredSenderNumber,
        crate::Error<types::RegisterSenderNumberError>,
    > {
        self.session
            .call(
                &|| self.requests.register_sender_number(body),
                &operations::REGISTER_SENDER_NUMBER,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Check whether a phone can receive messages
    ///
    /// Asks before sending whether the recipient is known and can be reached. The answer is not wrapped in `data`.
    ///
    /// `GET /contacts/lookup`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1contacts~1lookup/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::LookupContactError::Unauthorized), 403 is [`Forbidden`](types::LookupContactError::Forbidden), 404 is [`NotFound`](types::LookupContactError::NotFound), 422 is [`UnprocessableEntity`](types::LookupContactError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn lookup_contact(
        &self,
        phone: &str,
        params: &types::LookupContactParams,
    ) -> Result<types::ContactLookup, crate::Error<types::LookupContactError>> {
        self.session
            .call(
                &|| {
                    self
                        .requests
                        .lookup_contact(
                            phone,
                            params.sender_number_id,
                            params.sender_phone.as_deref(),
                        )
                },
                &operations::LOOKUP_CONTACT,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// List message logs
    ///
    /// Reads the log of the tenant's messages. The vendor describes neither the page parameters nor the answer.
    ///
    /// `GET /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListMessagesError::Unauthorized), 403 is [`Forbidden`](types::ListMessagesError::Forbidden), 404 is [`NotFound`](types::ListMessagesError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn list_messages(
        &self,
    ) -> Result<::serde_json::Value, crate::Error<types::ListMessagesError>> {
        self.session
            .call(
                &|| self.requests.list_messages(),
                &operations::LIST_MESSAGES,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Send a message
    ///
    /// Sends a text as JSON, or an image, voice note or document as a form with the file in `media`.
    ///
    /// `POST /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::SendMessageError::Unauthorized), 403 is [`Forbidden`](types::SendMessageError::Forbidden), 404 is [`NotFound`](types::SendMessageError::NotFound), 413 is [`ContentTooLarge`](types::SendMessageError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::SendMessageError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::SendMessageError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn send_message(
        &self,
        body: &types::SendMessageRequest,
    ) -> Result<types::SentMessage, crate::Error<types::SendMessageError>> {
        body.check("")?;
        self.session
            .call(
                &|| self.requests.send_message(body),
                &operations::SEND_MESSAGE,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    #[cfg(feature = "forms")]
    /// Send a message
    ///
    /// Sends a text as JSON, or an image, voice note or document as a form with the file in `media`.
    ///
    /// As a form, which can carry files.
    ///
    /// `POST /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::SendMessageError::Unauthorized), 403 is [`Forbidden`](types::SendMessageError::Forbidden), 404 is [`NotFound`](types::SendMessageError::NotFound), 413 is [`ContentTooLarge`](types::SendMessageError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::SendMessageError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::SendMessageError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn send_message_multipart(
        &self,
        form: types::SendMessageForm,
    ) -> Result<types::SentMessage, crate::Error<types::SendMessageError>> {
        form.check("")?;
        self.session
            .call(
                &|| {
                    let request = self.requests.send_message_multipart()?;
                    let form = form.clone();
                    let mut parts = reqwest::multipart::Form::new();
                    if let Some(value) = form.sender_number_id {
                        parts = parts.text("sender_number_id", value.to_string());
                    }
                    if let Some(value) = form.sender_phone {
                        parts = parts.text("sender_phone", value);
                    }
                    {
                        let value = form.to_phone;
                        parts = parts.text("to_phone", value);
                    }
                    {
                        let value = form.type_;
                        parts = parts.part("type", crate::open::value_part(&value));
                    }
                    if let Some(value) = form.content {
                        parts = parts.text("content", value);
                    }
                    if let Some(value) = form.duration {
                        parts = parts.text("duration", value.to_string());
                    }
                    if let Some(value) = form.file_name {
                        parts = parts.text("file_name", value);
                    }
                    if let Some(value) = form.file_size {
                        parts = parts.text("file_size", value.to_string());
                    }
                    if let Some(value) = form.file_type {
                        parts = parts.text("file_type", value);
                    }
                    if let Some(value) = form.media {
                        let Some(part) = crate::open::file_part(value) else {
                            let rule = "must have a media type as its content type";
                            return Err(crate::InvalidRequest::new("media", rule).into());
                        };
                        parts = parts.part("media", part);
                    }
                    let request = reqwest::RequestBuilder::from_parts(
                            self.requests.client.clone(),
                            request,
                        )
                        .multipart(parts)
                        .build()?;
                    Ok(request)
                },
                &operations::SEND_MESSAGE,
                |status, body| match status {
                    201 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }

    /// Read usage counters
    ///
    /// Reads counters of use and their limits. The vendor does not describe the answer.
    ///
    /// `GET /usage`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1usage/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetUsageError::Unauthorized), 403 is [`Forbidden`](types::GetUsageError::Forbidden), 404 is [`NotFound`](types::GetUsageError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub async fn get_usage(
        &self,
    ) -> Result<::serde_json::Value, crate::Error<types::GetUsageError>> {
        self.session
            .call(
                &|| self.requests.get_usage(),
                &operations::GET_USAGE,
                |status, body| match status {
                    200 => Some(crate::wire::json(body)),
                    _ => None,
                },
            )
            .await
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::sinjapp::Client {
    /// Current tenant context
    ///
    /// Tells whom the presented key speaks for. Any active key may ask.
    ///
    /// `GET /me`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1me/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetTenantContextError::Unauthorized), 404 is [`NotFound`](types::GetTenantContextError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_tenant_context(
        &self,
    ) -> Result<types::TenantContext, crate::Error<types::GetTenantContextError>> {
        self.wait(self.client.get_tenant_context())
    }

    /// Current tenant subscription
    ///
    /// Gives the plan of the tenant with its limits and a snapshot of use. Any active key may ask.
    ///
    /// `GET /subscription`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1subscription/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetTenantSubscriptionError::Unauthorized), 404 is [`NotFound`](types::GetTenantSubscriptionError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_tenant_subscription(
        &self,
    ) -> Result<
        types::TenantSubscription,
        crate::Error<types::GetTenantSubscriptionError>,
    > {
        self.wait(self.client.get_tenant_subscription())
    }

    /// Create an API key
    ///
    /// Makes a further key for the tenant. No scope is named that the calling key would need.
    ///
    /// `POST /api-keys`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::CreateApiKeyError::Unauthorized), 403 is [`Forbidden`](types::CreateApiKeyError::Forbidden), 404 is [`NotFound`](types::CreateApiKeyError::NotFound), 413 is [`ContentTooLarge`](types::CreateApiKeyError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::CreateApiKeyError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::CreateApiKeyError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn create_api_key(
        &self,
        body: &types::CreateApiKeyRequest,
    ) -> Result<types::CreatedApiKey, crate::Error<types::CreateApiKeyError>> {
        self.wait(self.client.create_api_key(body))
    }

    /// Revoke an API key
    ///
    /// Ends a key, named by its number. No scope is named that the calling key would need.
    ///
    /// `DELETE /api-keys/{apiKey}`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1api-keys~1{apiKey}/delete>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RevokeApiKeyError::Unauthorized), 403 is [`Forbidden`](types::RevokeApiKeyError::Forbidden), 404 is [`NotFound`](types::RevokeApiKeyError::NotFound), 422 is [`UnprocessableEntity`](types::RevokeApiKeyError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn revoke_api_key(
        &self,
        api_key: i64,
    ) -> Result<(), crate::Error<types::RevokeApiKeyError>> {
        self.wait(self.client.revoke_api_key(api_key))
    }

    /// List sender numbers
    ///
    /// Lists the sender numbers that the tenant registered. Any active key may ask.
    ///
    /// `GET /sender-numbers`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1sender-numbers/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListSenderNumbersError::Unauthorized), 404 is [`NotFound`](types::ListSenderNumbersError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_sender_numbers(
        &self,
    ) -> Result<types::SenderNumberList, crate::Error<types::ListSenderNumbersError>> {
        self.wait(self.client.list_sender_numbers())
    }

    /// Register a sender number
    ///
    /// Registers a phone to send from. Its owner gets a one-time password, which the tenant enters in the dashboard.
    ///
    /// `POST /sender-numbers`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1sender-numbers/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::RegisterSenderNumberError::Unauthorized), 403 is [`Forbidden`](types::RegisterSenderNumberError::Forbidden), 404 is [`NotFound`](types::RegisterSenderNumberError::NotFound), 413 is [`ContentTooLarge`](types::RegisterSenderNumberError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::RegisterSenderNumberError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::RegisterSenderNumberError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn register_sender_number(
        &self,
        body: &types::RegisterSenderNumberRequest,
    ) -> Result<
        types::RegisteredSenderNumber,
        crate::Error<types::RegisterSenderNumberError>,
    > {
        self.wait(self.client.register_sender_number(body))
    }

    /// Check whether a phone can receive messages
    ///
    /// Asks before sending whether the recipient is known and can be reached. The answer is not wrapped in `data`.
    ///
    /// `GET /contacts/lookup`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1contacts~1lookup/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::LookupContactError::Unauthorized), 403 is [`Forbidden`](types::LookupContactError::Forbidden), 404 is [`NotFound`](types::LookupContactError::NotFound), 422 is [`UnprocessableEntity`](types::LookupContactError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn lookup_contact(
        &self,
        phone: &str,
        params: &types::LookupContactParams,
    ) -> Result<types::ContactLookup, crate::Error<types::LookupContactError>> {
        self.wait(self.client.lookup_contact(phone, params))
    }

    /// List message logs
    ///
    /// Reads the log of the tenant's messages. The vendor describes neither the page parameters nor the answer.
    ///
    /// `GET /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::ListMessagesError::Unauthorized), 403 is [`Forbidden`](types::ListMessagesError::Forbidden), 404 is [`NotFound`](types::ListMessagesError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn list_messages(
        &self,
    ) -> Result<::serde_json::Value, crate::Error<types::ListMessagesError>> {
        self.wait(self.client.list_messages())
    }

    /// Send a message
    ///
    /// Sends a text as JSON, or an image, voice note or document as a form with the file in `media`.
    ///
    /// `POST /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::SendMessageError::Unauthorized), 403 is [`Forbidden`](types::SendMessageError::Forbidden), 404 is [`NotFound`](types::SendMessageError::NotFound), 413 is [`ContentTooLarge`](types::SendMessageError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::SendMessageError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::SendMessageError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn send_message(
        &self,
        body: &types::SendMessageRequest,
    ) -> Result<types::SentMessage, crate::Error<types::SendMessageError>> {
        self.wait(self.client.send_message(body))
    }

    #[cfg(feature = "forms")]
    /// Send a message
    ///
    /// Sends a text as JSON, or an image, voice note or document as a form with the file in `media`.
    ///
    /// As a form, which can carry files.
    ///
    /// `POST /messages`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1messages/post>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::SendMessageError::Unauthorized), 403 is [`Forbidden`](types::SendMessageError::Forbidden), 404 is [`NotFound`](types::SendMessageError::NotFound), 413 is [`ContentTooLarge`](types::SendMessageError::ContentTooLarge), 415 is [`UnsupportedMediaType`](types::SendMessageError::UnsupportedMediaType), 422 is [`UnprocessableEntity`](types::SendMessageError::UnprocessableEntity).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn send_message_multipart(
        &self,
        form: types::SendMessageForm,
    ) -> Result<types::SentMessage, crate::Error<types::SendMessageError>> {
        self.wait(self.client.send_message_multipart(form))
    }

    /// Read usage counters
    ///
    /// Reads counters of use and their limits. The vendor does not describe the answer.
    ///
    /// `GET /usage`: <https://docs.sinjapp.org/openapi/sinjapp-business.v1.yaml#/paths/~1usage/get>
    ///
    /// # Errors
    ///
    /// The declared refusals are in [`Error::body`](crate::Error::body): 401 is [`Unauthorized`](types::GetUsageError::Unauthorized), 403 is [`Forbidden`](types::GetUsageError::Forbidden), 404 is [`NotFound`](types::GetUsageError::NotFound).
    /// For all others, and for calls without an answer, see [`Error`](crate::Error).
    pub fn get_usage(
        &self,
    ) -> Result<::serde_json::Value, crate::Error<types::GetUsageError>> {
        self.wait(self.client.get_usage())
    }
}

/// The operations by name, with the kinds of credentials that each takes; none if it is public.
mod operations {
    use crate::transport::{Operation, Scheme};
    pub(super) const GET_TENANT_CONTEXT: Operation = Operation {
        name: "get_tenant_context",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const GET_TENANT_SUBSCRIPTION: Operation = Operation {
        name: "get_tenant_subscription",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const CREATE_API_KEY: Operation = Operation {
        name: "create_api_key",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const REVOKE_API_KEY: Operation = Operation {
        name: "revoke_api_key",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const LIST_SENDER_NUMBERS: Operation = Operation {
        name: "list_sender_numbers",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const REGISTER_SENDER_NUMBER: Operation = Operation {
        name: "register_sender_number",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const LOOKUP_CONTACT: Operation = Operation {
        name: "lookup_contact",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const LIST_MESSAGES: Operation = Operation {
        name: "list_messages",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const SEND_MESSAGE: Operation = Operation {
        name: "send_message",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
    pub(super) const GET_USAGE: Operation = Operation {
        name: "get_usage",
        accept: "application/json",
        schemes: &[Scheme::ApiKey],
    };
}

/// What the operations take and answer.
pub mod types {
    pub use crate::open::UnknownValue;
    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct MessageResponse {
        /// What is wrong, for people. The errors have no code of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
    }

    /// Part of [`TenantContext`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Organization {
        /// Id of the organization (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub id: Option<i64>,
        /// What people call the organization (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Short name of the organization (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub slug: Option<String>,
        /// State of the organization (inferred from the name); its values are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// Primary domain of the organization (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub primary_domain: Option<String>,
        /// Email address for bills (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub billing_email: Option<String>,
        /// Whether the email address was proved to be good (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub email_verified: Option<bool>,
    }

    /// Part of [`CreatedApiKey`].
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ApiKey {
        /// Id of the key, by which it is revoked. It is neither the key nor its beginning.
        #[serde(deserialize_with = "crate::open::number")]
        pub id: i64,
        /// What people call the key, as it was said when it was made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Beginning of the key, to know it by (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub prefix: Option<String>,
        /// What the key may do, as it was said when it was made. What stands here if nothing was said is not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scopes: Option<Vec<String>>,
        /// Whether the key is active or revoked. What stands here once it has expired is not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<ApiKeyStatus>,
        /// When the key expires; an expired key is refused with a 401. No page says what null means.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires_at: Option<crate::Timestamp>,
        /// When the key was last used, null if it never was (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_used_at: Option<crate::Timestamp>,
    }

    /// Whether the key is active or revoked. What stands here once it has expired is not told.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum ApiKeyStatus {
        /// `active`
        Active,
        /// `revoked`
        Revoked,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl ApiKeyStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[Self::Active, Self::Revoked];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Active => "active",
                Self::Revoked => "revoked",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for ApiKeyStatus {
        fn from(value: &str) -> Self {
            match value {
                "active" => Self::Active,
                "revoked" => Self::Revoked,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(ApiKeyStatus);
    /// Part of [`SenderNumberList`], [`RegisteredSenderNumber`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SenderNumber {
        /// Id of the number, by which a message names it.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub id: Option<i64>,
        /// The phone number that messages are sent from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
        /// What people call the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub display_name: Option<String>,
        /// How far its owner has come in proving it: waiting for the one-time password, waiting for the account to be verified, ready, or rejected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub verification_status: Option<VerificationStatus>,
        /// Whether it may send. What `suspended` and `removed` entail is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<SenderNumberStatus>,
        /// A daily limit of its own (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub daily_limit_override: Option<i64>,
        /// When its owner had proved it, null until then (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub verified_at: Option<crate::Timestamp>,
    }

    /// How far its owner has come in proving it: waiting for the one-time password, waiting for the account to be verified, ready, or rejected.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum VerificationStatus {
        /// `pending_verification`
        PendingVerification,
        /// `pending_account_verification`
        PendingAccountVerification,
        /// `active`
        Active,
        /// `rejected`
        Rejected,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl VerificationStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::PendingVerification,
            Self::PendingAccountVerification,
            Self::Active,
            Self::Rejected,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::PendingVerification => "pending_verification",
                Self::PendingAccountVerification => "pending_account_verification",
                Self::Active => "active",
                Self::Rejected => "rejected",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for VerificationStatus {
        fn from(value: &str) -> Self {
            match value {
                "pending_verification" => Self::PendingVerification,
                "pending_account_verification" => Self::PendingAccountVerification,
                "active" => Self::Active,
                "rejected" => Self::Rejected,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(VerificationStatus);
    /// Whether it may send. What `suspended` and `removed` entail is not said.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum SenderNumberStatus {
        /// `pending_verification`
        PendingVerification,
        /// `active`
        Active,
        /// `suspended`
        Suspended,
        /// `rejected`
        Rejected,
        /// `removed`
        Removed,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl SenderNumberStatus {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::PendingVerification,
            Self::Active,
            Self::Suspended,
            Self::Rejected,
            Self::Removed,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::PendingVerification => "pending_verification",
                Self::Active => "active",
                Self::Suspended => "suspended",
                Self::Rejected => "rejected",
                Self::Removed => "removed",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for SenderNumberStatus {
        fn from(value: &str) -> Self {
            match value {
                "pending_verification" => Self::PendingVerification,
                "active" => Self::Active,
                "suspended" => Self::Suspended,
                "rejected" => Self::Rejected,
                "removed" => Self::Removed,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(SenderNumberStatus);
    /// In the answer of `lookup_contact`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ContactLookup {
        /// Whether there is an account with this phone number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub exists: Option<bool>,
        /// Whether it can receive messages now. If not, do not send.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub can_receive: Option<bool>,
        /// Why it can or cannot. Only `ok` is shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason_code: Option<String>,
        /// Id of the recipient (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub recipient_id: Option<i64>,
        /// Whether the account is verified (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub is_verified: Option<bool>,
        /// When the phone number was proved, null if it was not (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub phone_verified_at: Option<crate::Timestamp>,
    }

    /// The request of `send_message`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct SendMessageRequest {
        /// Needed unless `sender_phone` is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sender_number_id: Option<i64>,
        /// Needed unless `sender_number_id` is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sender_phone: Option<String>,
        /// The phone number of the recipient. Its form is not said.
        pub to_phone: String,
        /// What is sent. All but `text` goes as a form, with the file.
        #[serde(rename = "type")]
        pub type_: MessageType,
        /// The text, or the caption of a file. How long it may be is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub content: Option<String>,
        /// How long a voice message is (inferred from the name); the unit is not said.
        ///
        /// At least 1. At most 300.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub duration: Option<i64>,
        /// Name of the file (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_name: Option<String>,
        /// Size of the file (inferred from the name); the unit is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_size: Option<i64>,
        /// Kind of the file (inferred from the name); in which words is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_type: Option<String>,
    }

    impl SendMessageRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(to_phone: impl Into<String>, type_: MessageType) -> Self {
            Self {
                sender_number_id: None,
                sender_phone: None,
                to_phone: to_phone.into(),
                type_,
                content: None,
                duration: None,
                file_name: None,
                file_size: None,
                file_type: None,
            }
        }
    }

    impl SendMessageRequest {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.duration {
                let at = format!("{at}/duration");
                if *value < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least 1").into(),
                    );
                }
                if *value > 300 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 300").into(),
                    );
                }
            }
            Ok(())
        }
    }

    /// What is sent. All but `text` goes as a form, with the file.
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum MessageType {
        /// `text`
        Text,
        /// `image`
        Image,
        /// `voice`
        Voice,
        /// `document`
        Document,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl MessageType {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::Text,
            Self::Image,
            Self::Voice,
            Self::Document,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Text => "text",
                Self::Image => "image",
                Self::Voice => "voice",
                Self::Document => "document",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for MessageType {
        fn from(value: &str) -> Self {
            match value {
                "text" => Self::Text,
                "image" => Self::Image,
                "voice" => Self::Voice,
                "document" => Self::Document,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(MessageType);
    /// Part of [`SentMessage`].
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct MessageLog {
        /// Id of the entry (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub id: Option<i64>,
        /// Id of the number that it was sent from.
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub sender_number_id: Option<i64>,
        /// Id of the account that it was sent to (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub recipient_user_id: Option<i64>,
        /// Id of the conversation that it belongs to (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub conversation_id: Option<i64>,
        /// Id of the message itself (inferred from the name).
        #[serde(
            default,
            deserialize_with = "crate::open::number_option",
            skip_serializing_if = "Option::is_none"
        )]
        pub message_id: Option<i64>,
        /// What was sent, as the request said under `type`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message_type: Option<String>,
        /// The text, or the caption of a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub content: Option<String>,
        /// State of the message (inferred from the name); its values are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// When it was sent, null until then (inferred from the name).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sent_at: Option<crate::Timestamp>,
    }

    /// In the answer of `get_tenant_context`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TenantContext {
        /// The current user. Its members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user: Option<::serde_json::Map<String, ::serde_json::Value>>,
        /// The key that the call was made with. Its members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub api_key: Option<::serde_json::Map<String, ::serde_json::Value>>,
        /// See [`Organization`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub organization: Option<Organization>,
        /// The subscription of the tenant. Its members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub subscription: Option<::serde_json::Map<String, ::serde_json::Value>>,
    }

    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct Unauthorized {
        /// What is wrong, for people. The errors have no code of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
    }

    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TenantNotFound {
        /// What is wrong, for people. The errors have no code of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
    }

    /// In the answer of `get_tenant_subscription`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct TenantSubscription {
        /// The plan of the tenant. Its members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub plan: Option<::serde_json::Map<String, ::serde_json::Value>>,
        /// State of the subscription (inferred from the name); its values are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<String>,
        /// The limits of the plan. Their members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub limits: Option<Vec<::serde_json::Map<String, ::serde_json::Value>>>,
        /// How much of the plan is used. Its members are not listed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usage_snapshot: Option<::serde_json::Map<String, ::serde_json::Value>>,
    }

    /// The request of `create_api_key`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct CreateApiKeyRequest {
        /// What people call the key. No limit is said.
        pub name: String,
        /// What the key may do; choose as little as serves. What leaving it out means is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scopes: Option<Vec<Scope>>,
        /// In how many days the key expires.
        ///
        /// At least 1. At most 365. If it is left out, the vendor takes `90`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub expires_in_days: Option<i64>,
    }

    impl CreateApiKeyRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(name: impl Into<String>) -> Self {
            Self {
                name: name.into(),
                scopes: None,
                expires_in_days: None,
            }
        }
    }

    impl CreateApiKeyRequest {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.expires_in_days {
                let at = format!("{at}/expires_in_days");
                if *value < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least 1").into(),
                    );
                }
                if *value > 365 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 365").into(),
                    );
                }
            }
            Ok(())
        }
    }

    /// Part of [`CreateApiKeyRequest`].
    ///
    /// More values may come. Match those you know and let `_` take the rest; [`as_str`](Self::as_str) tells any of them.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Scope {
        /// `*`
        All,
        /// `contacts.lookup`
        ContactsLookup,
        /// `messages.send`
        MessagesSend,
        /// `messages.read`
        MessagesRead,
        /// `usage.read`
        UsageRead,
        /// A value that was not known when this was written.
        Unknown(UnknownValue),
    }

    impl Scope {
        /// The values that the vendor documents.
        pub const ALL: &'static [Self] = &[
            Self::All,
            Self::ContactsLookup,
            Self::MessagesSend,
            Self::MessagesRead,
            Self::UsageRead,
        ];
        /// The value as the vendor writes it.
        pub fn as_str(&self) -> &str {
            match self {
                Self::All => "*",
                Self::ContactsLookup => "contacts.lookup",
                Self::MessagesSend => "messages.send",
                Self::MessagesRead => "messages.read",
                Self::UsageRead => "usage.read",
                Self::Unknown(value) => value.as_str(),
            }
        }
    }

    impl From<&str> for Scope {
        fn from(value: &str) -> Self {
            match value {
                "*" => Self::All,
                "contacts.lookup" => Self::ContactsLookup,
                "messages.send" => Self::MessagesSend,
                "messages.read" => Self::MessagesRead,
                "usage.read" => Self::UsageRead,
                other => Self::Unknown(UnknownValue::new(other)),
            }
        }
    }

    crate::open::text_enum!(Scope);
    /// In the answer of `create_api_key`.
    ///
    /// Serialised, it holds `[redacted]` for its secrets.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct CreatedApiKey {
        /// See [`ApiKey`].
        pub data: ApiKey,
        /// The key itself, in this answer only.
        #[serde(serialize_with = "crate::secret::redact")]
        pub plain_text_key: crate::Secret,
    }

    /// What a refusal says.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct ValidationError {
        /// What is wrong, for people. The errors have no code of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub message: Option<String>,
        /// What is wrong with each member of the request, by its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub errors: Option<::std::collections::BTreeMap<String, Vec<String>>>,
    }

    /// In the answer of `list_sender_numbers`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SenderNumberList {
        /// The sender numbers of the tenant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<Vec<SenderNumber>>,
    }

    /// The request of `register_sender_number`.
    #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    pub struct RegisterSenderNumberRequest {
        /// The phone number that messages are to be sent from. Its form is not said.
        pub phone: String,
        /// What people call the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub display_name: Option<String>,
    }

    impl RegisterSenderNumberRequest {
        /// With what the vendor requires, and nothing else.
        pub fn new(phone: impl Into<String>) -> Self {
            Self {
                phone: phone.into(),
                display_name: None,
            }
        }
    }

    /// In the answer of `register_sender_number`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct RegisteredSenderNumber {
        /// See [`SenderNumber`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<SenderNumber>,
    }

    /// The request of `send_message`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct SendMessageForm {
        /// Needed unless `sender_phone` is given.
        pub sender_number_id: Option<i64>,
        /// Needed unless `sender_number_id` is given.
        pub sender_phone: Option<String>,
        /// The phone number of the recipient. Its form is not said.
        pub to_phone: String,
        /// What is sent. All but `text` goes as a form, with the file.
        pub type_: MessageType,
        /// The text, or the caption of a file. How long it may be is not said.
        pub content: Option<String>,
        /// How long a voice message is (inferred from the name); the unit is not said.
        ///
        /// At least 1. At most 300.
        pub duration: Option<i64>,
        /// Name of the file (inferred from the name).
        pub file_name: Option<String>,
        /// Size of the file (inferred from the name); the unit is not said.
        pub file_size: Option<i64>,
        /// Kind of the file (inferred from the name); in which words is not said.
        pub file_type: Option<String>,
        /// The file: a picture, a voice message or a document. How large it may be is not said.
        pub media: Option<crate::Upload>,
    }

    impl SendMessageForm {
        /// With what the vendor requires, and nothing else.
        pub fn new(to_phone: impl Into<String>, type_: MessageType) -> Self {
            Self {
                sender_number_id: None,
                sender_phone: None,
                to_phone: to_phone.into(),
                type_,
                content: None,
                duration: None,
                file_name: None,
                file_size: None,
                file_type: None,
                media: None,
            }
        }
    }

    impl SendMessageForm {
        /// Whether the vendor's limits are kept; `at` is where this value stands in the body.
        pub(crate) fn check(&self, at: &str) -> Result<(), crate::InvalidRequest> {
            if let Some(value) = &self.duration {
                let at = format!("{at}/duration");
                if *value < 1 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at least 1").into(),
                    );
                }
                if *value > 300 {
                    return Err(
                        crate::InvalidRequest::new(at, "must be at most 300").into(),
                    );
                }
            }
            Ok(())
        }
    }

    /// In the answer of `send_message`.
    #[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
    #[non_exhaustive]
    pub struct SentMessage {
        /// See [`MessageLog`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub data: Option<MessageLog>,
    }

    /// What may be asked of `lookup_contact` beside what must.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct LookupContactParams {
        /// Id of the number that would be sent from. Whether one is needed is not said.
        pub sender_number_id: Option<i64>,
        /// The phone number that would be sent from. Whether one is needed is not said; every example has it.
        pub sender_phone: Option<String>,
    }

    /// How `get_tenant_context` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetTenantContextError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
    }

    impl crate::wire::ErrorAnswer for GetTenantContextError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                _ => None,
            }
        }
    }

    /// How `get_tenant_subscription` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetTenantSubscriptionError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
    }

    impl crate::wire::ErrorAnswer for GetTenantSubscriptionError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                _ => None,
            }
        }
    }

    /// How `create_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum CreateApiKeyError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
        /// The body is larger than the server takes.
        ContentTooLarge(MessageResponse),
        /// The body is of a media type that this operation does not take.
        UnsupportedMediaType(MessageResponse),
        /// The input breaks a rule.
        UnprocessableEntity(ValidationError),
    }

    impl crate::wire::ErrorAnswer for CreateApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),
                _ => None,
            }
        }
    }

    /// How `revoke_api_key` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum RevokeApiKeyError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host belongs to no tenant (Sinjapp errors guide), or the tenant has no such key (assumptions sinjapp.unknown-id, sinjapp.foreign-id, sinjapp.second-revoke).
        NotFound(MessageResponse),
        /// The input breaks a rule.
        UnprocessableEntity(ValidationError),
    }

    impl crate::wire::ErrorAnswer for RevokeApiKeyError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),
                _ => None,
            }
        }
    }

    /// How `list_sender_numbers` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListSenderNumbersError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
    }

    impl crate::wire::ErrorAnswer for ListSenderNumbersError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                _ => None,
            }
        }
    }

    /// How `register_sender_number` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum RegisterSenderNumberError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
        /// The body is larger than the server takes.
        ContentTooLarge(MessageResponse),
        /// The body is of a media type that this operation does not take.
        UnsupportedMediaType(MessageResponse),
        /// The input breaks a rule.
        UnprocessableEntity(ValidationError),
    }

    impl crate::wire::ErrorAnswer for RegisterSenderNumberError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),
                _ => None,
            }
        }
    }

    /// How `lookup_contact` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum LookupContactError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
        /// The input breaks a rule.
        UnprocessableEntity(ValidationError),
    }

    impl crate::wire::ErrorAnswer for LookupContactError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),
                _ => None,
            }
        }
    }

    /// How `list_messages` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum ListMessagesError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
    }

    impl crate::wire::ErrorAnswer for ListMessagesError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                _ => None,
            }
        }
    }

    /// How `send_message` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum SendMessageError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
        /// The body is larger than the server takes.
        ContentTooLarge(MessageResponse),
        /// The body is of a media type that this operation does not take.
        UnsupportedMediaType(MessageResponse),
        /// The input breaks a rule.
        UnprocessableEntity(ValidationError),
    }

    impl crate::wire::ErrorAnswer for SendMessageError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
                413 => crate::wire::json(body).ok().map(Self::ContentTooLarge),
                415 => crate::wire::json(body).ok().map(Self::UnsupportedMediaType),
                422 => crate::wire::json(body).ok().map(Self::UnprocessableEntity),
                _ => None,
            }
        }
    }

    /// How `get_usage` can be refused.
    #[derive(Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub enum GetUsageError {
        /// The credentials are missing, wrong, out of date or not enough.
        Unauthorized(Unauthorized),
        /// The key is valid but lacks the scope that the operation asks for.
        Forbidden(MessageResponse),
        /// The host of the request belongs to no tenant.
        NotFound(TenantNotFound),
    }

    impl crate::wire::ErrorAnswer for GetUsageError {
        fn decode(status: u16, body: &[u8]) -> Option<Self> {
            match status {
                401 => crate::wire::json(body).ok().map(Self::Unauthorized),
                403 => crate::wire::json(body).ok().map(Self::Forbidden),
                404 => crate::wire::json(body).ok().map(Self::NotFound),
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
        /// `GET /me`
        pub fn get_tenant_context<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/me", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `GET /subscription`
        pub fn get_tenant_subscription<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/subscription", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `POST /api-keys`
        pub fn create_api_key<'a>(
            &'a self,
            body: &'a crate::generated::sinjapp::types::CreateApiKeyRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/api-keys", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `DELETE /api-keys/{apiKey}`
        pub fn revoke_api_key<'a>(
            &'a self,
            api_key: i64,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self
                .root
                .at(
                    &format!(
                        "{}/api-keys/{}", self.baseurl, encode_path(& api_key
                        .to_string()),
                    ),
                );
            Ok(self.client.delete(url).build()?)
        }

        /// `GET /sender-numbers`
        pub fn list_sender_numbers<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/sender-numbers", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `POST /sender-numbers`
        pub fn register_sender_number<'a>(
            &'a self,
            body: &'a crate::generated::sinjapp::types::RegisterSenderNumberRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/sender-numbers", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `GET /contacts/lookup`
        pub fn lookup_contact<'a>(
            &'a self,
            phone: &'a str,
            sender_number_id: Option<i64>,
            sender_phone: Option<&'a str>,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/contacts/lookup", self.baseurl,));
            Ok(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("phone", &phone))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "sender_number_id",
                            &sender_number_id,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "sender_phone",
                            &sender_phone,
                        ),
                    )
                    .build()?,
            )
        }

        /// `GET /messages`
        pub fn list_messages<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/messages", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }

        /// `POST /messages`
        pub fn send_message<'a>(
            &'a self,
            body: &'a crate::generated::sinjapp::types::SendMessageRequest,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/messages", self.baseurl,));
            Ok(self.client.post(url).json(&body).build()?)
        }

        /// `POST /messages`
        pub fn send_message_multipart<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/messages", self.baseurl,));
            Ok(self.client.post(url).build()?)
        }

        /// `GET /usage`
        pub fn get_usage<'a>(
            &'a self,
        ) -> Result<reqwest::Request, crate::transport::Unbuildable> {
            let url = self.root.at(&format!("{}/usage", self.baseurl,));
            Ok(self.client.get(url).build()?)
        }
    }
}
