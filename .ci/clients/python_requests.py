"""The lives of a key with requests."""

import requests

from lives import live

with requests.Session() as session:

    def send(method, url, headers, body):
        answer = session.request(method, url, headers=headers, json=body, timeout=10)
        return answer.status_code, answer.json() if answer.content else None

    live(send)
