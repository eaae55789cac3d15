"""The lives of a key with httpx: over HTTP/1.1, and over HTTP/2 where the server has a certificate."""

import ssl

import httpx

from lives import access, live

certificate = access().get("certificate_pem")
# Nothing but the server's own certificate is trusted, which proves that the right one was printed.
trusted = ssl.create_default_context(cadata=certificate) if certificate else True
expected = "HTTP/2" if certificate else "HTTP/1.1"

with httpx.Client(http2=bool(certificate), verify=trusted, timeout=10) as client:

    def send(method, url, headers, body):
        answer = client.request(method, url, headers=headers, json=body)
        if answer.http_version != expected:
            raise SystemExit(f"expected {expected}, got {answer.http_version}")
        return answer.status_code, answer.json() if answer.content else None

    live(send)
