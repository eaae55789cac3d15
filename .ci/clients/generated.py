"""The life of a key with clients that openapi-python-client made from the contracts: created, used, revoked, refused.

The clients are the modules named after the vendors; `run` makes them in a folder of their own, where this finds them.
A generated client knows nothing of worlds, so this one plays in the server's first.
"""

import uuid
from http import HTTPStatus

from b3os.api.api_keys import create_api_key as b3os_create
from b3os.api.api_keys import revoke_api_key as b3os_revoke
from b3os.api.organizations import list_organizations
from b3os.models import CreateAPIKeyParams
from dolfin.api.api_keys import create_api_key as dolfin_create
from dolfin.api.api_keys import revoke_api_key as dolfin_revoke
from dolfin.api.members import list_client_members
from dolfin.models import CreateApiKeyRequest
from reten.api.api_keys import create_api_key as reten_create
from reten.api.api_keys import revoke_api_key as reten_revoke
from reten.api.task_integration_api import list_task_result_type_configs
from reten.models import CreateApiKeyRequest as RetenKey
from sinjapp.api.api_keys import create_api_key as sinjapp_create
from sinjapp.api.api_keys import revoke_api_key as sinjapp_revoke
from sinjapp.api.usage import get_usage
from sinjapp.models import CreateApiKeyBody, CreateApiKeyBodyScopesItem

import b3os
import dolfin
import reten
import sinjapp
from lives import access

VENDORS = access()["vendors"]


def client(package, header, prefix, secret, below=""):
    """A generated client that sends `secret` the vendor's way."""
    base_url = VENDORS[package.__name__]["base_url"] + below
    return package.AuthenticatedClient(base_url=base_url, token=secret, prefix=prefix, auth_header_name=header)


def admin(vendor):
    return VENDORS[vendor]["credentials"]["admin"].split(":", 1)[1]


def expect(status, answer):
    if answer.status_code != status:
        raise SystemExit(f"expected {status}, got {answer.status_code}")
    return answer.parsed


def live_sinjapp():
    with_key = lambda key: client(sinjapp, "X-Api-Key", "", key, "/api/v1")
    boss = with_key(admin("sinjapp"))
    body = CreateApiKeyBody(name="by a generated client", scopes=[CreateApiKeyBodyScopesItem.USAGE_READ])
    made = expect(HTTPStatus.CREATED, sinjapp_create.sync_detailed(client=boss, body=body))
    key = with_key(made.plain_text_key)
    expect(HTTPStatus.OK, get_usage.sync_detailed(client=key))
    expect(HTTPStatus.NO_CONTENT, sinjapp_revoke.sync_detailed(made.data.id, client=boss))
    expect(HTTPStatus.UNAUTHORIZED, get_usage.sync_detailed(client=key))


def live_reten():
    boss = client(reten, "Authorization", "Bearer", admin("reten"))
    # Not as the UUID that its signature asks for: the generator puts headers on the wire as they are given.
    tenant = VENDORS["reten"]["tenant"]
    body = RetenKey(name="by a generated client", permissions=["view_activities"])
    made = expect(HTTPStatus.CREATED, reten_create.sync_detailed(client=boss, body=body, x_tenant_id=tenant))
    key = client(reten, "x-api-key", "", made.plaintext_key)
    expect(HTTPStatus.OK, list_task_result_type_configs.sync_detailed(client=key))
    expect(HTTPStatus.OK, reten_revoke.sync_detailed(made.id, client=boss, x_tenant_id=tenant))
    expect(HTTPStatus.UNAUTHORIZED, list_task_result_type_configs.sync_detailed(client=key))


def live_dolfin():
    with_key = lambda key: client(dolfin, "x-dolfin-api-key", "", key)
    boss = with_key(admin("dolfin"))
    made = expect(HTTPStatus.CREATED, dolfin_create.sync_detailed(client=boss, body=CreateApiKeyRequest(name="by a generated client")))
    key, tenant = with_key(made.raw_key), uuid.UUID(VENDORS["dolfin"]["tenant"])
    expect(HTTPStatus.OK, list_client_members.sync_detailed(tenant, client=key))
    expect(HTTPStatus.NO_CONTENT, dolfin_revoke.sync_detailed(made.id, client=boss))
    expect(HTTPStatus.UNAUTHORIZED, list_client_members.sync_detailed(tenant, client=key))


def live_b3os():
    with_key = lambda key: client(b3os, "Authorization", "Bearer", key)
    boss = with_key(admin("b3os"))
    made = expect(HTTPStatus.OK, b3os_create.sync_detailed(client=boss, body=CreateAPIKeyParams(name="by a generated client"))).data
    key = with_key(made.key)
    expect(HTTPStatus.OK, list_organizations.sync_detailed(client=key))
    expect(HTTPStatus.OK, b3os_revoke.sync_detailed(made.id, client=boss))
    expect(HTTPStatus.UNAUTHORIZED, list_organizations.sync_detailed(client=key))


live_sinjapp()
live_reten()
live_dolfin()
live_b3os()
