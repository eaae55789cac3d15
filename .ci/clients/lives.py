"""The lives of a key, for any Python client: created, used, revoked, refused; expired by the clock; apart by world.

What differs between the vendors is data, in lives.json. What differs between the clients is one function,
`send(method, url, headers, body)`, that returns the answer's status and its JSON, or None where there is none.
No value of an answer is ever printed: it may be a key.
"""

import datetime
import json
import os
import pathlib

LIVES = json.loads(pathlib.Path(__file__).with_name("lives.json").read_text())
TWO_DAYS = 2 * 24 * 60 * 60 * 1000


def access():
    """What the server printed when it began to serve."""
    return json.loads(pathlib.Path(os.environ["KEYWAY_ACCESS"]).read_text())


def live(send):
    control = access()["control"]
    for vendor, life in LIVES.items():
        mine, yours = (told(send, "POST", f"{control}/worlds", 201) for _ in range(2))
        known = words(mine["vendors"][vendor])

        # Created, used, not known in another world, revoked, refused.
        created = perform(send, mine, vendor, life["create"], known)
        first = {**known, "key": at(created, life["secret"]), "id": at(created, life["id"])}
        perform(send, mine, vendor, life["use"], first)
        perform(send, yours, vendor, life["use"], first, status=401)
        perform(send, mine, vendor, life["revoke"], first)
        perform(send, mine, vendor, life["use"], first, status=401)

        # Created, used, expired because the clock of its world was turned.
        created = perform(send, mine, vendor, life["create"], known)
        second = {**known, "key": at(created, life["secret"])}
        perform(send, mine, vendor, life["use"], second)
        told(send, "POST", f"{mine['control']}/clock/advance", 200, {"ms": TWO_DAYS})
        perform(send, mine, vendor, life["use"], second, status=401)

        for world in (mine, yours):
            told(send, "DELETE", f"{control}/worlds/{world['world']}", 204)


def words(vendor):
    """The words that the templates of lives.json use."""
    tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    return {
        "admin": vendor["credentials"]["admin"].split(":", 1)[1],
        "tenant": vendor["tenant"],
        "tomorrow": tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def perform(send, world, vendor, step, known, status=None):
    url = world["vendors"][vendor]["base_url"] + filled(step["path"], known)
    return told(send, step["method"], url, status or step["status"], filled(step.get("body"), known), filled(step["headers"], known))


def told(send, method, url, expected, body=None, headers=None):
    status, answer = send(method, url, headers or {}, body)
    if status != expected:
        raise SystemExit(f"expected {expected}, got {status} from {method} {url}")
    return answer


def filled(template, known):
    if isinstance(template, str):
        return template.format(**known)
    if isinstance(template, dict):
        return {name: filled(value, known) for name, value in template.items()}
    return template


def at(answer, path):
    for name in path:
        answer = answer[name]
    return answer
