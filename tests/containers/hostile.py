"""What nginx in front is for, tried on the running stack, of which it is the COMMAND: ``python -m tests.containers.hostile``.

Prints a line for each claim and exits with the number of those that do not hold. Slow clients are also let loose on ``web``
directly: there they must hurt, or the first measurement would prove nothing.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import signal
import socket
import ssl
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg2

from ops.client import Api, Sandbox

API = os.environ["API_URL"]
CERTIFICATE = os.environ["SSL_CERT_FILE"]
LOGS = Path(os.environ["STACK_LOGS"])
NGINX, WEB = ("127.0.0.1", 8443), ("127.0.0.1", 5000)
SLOW_CLIENTS = 200
TOKEN = "Q2FuYXJ5LXRva2VuLW11c3Qtbm90LWJlLWxvZ2dlZA"
_POST = "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
_READ = "GET /api-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
_HEADER = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


def trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


class Claims:
    """The table of what was claimed and what was seen."""

    def __init__(self) -> None:
        self.broken = 0

    def hold(self, claim: str, holds: bool, seen: Any) -> None:
        self.broken += not holds
        print(f"{'ok ' if holds else 'NOT'}  {claim:<66} {seen}", flush=True)


async def crowd(target: tuple[str, int], opening: str, drip: bytes, measure: Any) -> Any:
    """What ``measure`` finds while many clients have sent ``opening`` and go on by ``drip`` a second, reading nothing."""
    writers = []
    for _ in range(SLOW_CLIENTS):
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.setblocking(False)
        await asyncio.get_running_loop().sock_connect(link, target)
        tls = {"ssl": trust(), "server_hostname": "localhost"} if target == NGINX else {}
        reader, writer = await asyncio.open_connection(sock=link, limit=1024, **tls)
        reader._transport.pause_reading()
        writer.write(opening.encode())
        writers.append(writer)
    work = asyncio.create_task(asyncio.to_thread(measure))
    while not work.done():
        for writer in writers:
            if drip and not writer.is_closing():
                writer.write(drip)
        await asyncio.wait([work], timeout=1)
    for writer in writers:
        writer.transport.abort()
    return work.result()


def latencies(url: str, times: int = 60) -> tuple[float, float, int]:
    """Median and worst milliseconds of answers, and how many did not come within 3 s."""
    took, lost = [], 0
    with httpx.Client(verify=trust(), timeout=3) as client:
        for _ in range(times):
            began = time.perf_counter()
            try:
                client.get(url).raise_for_status()
                took.append((time.perf_counter() - began) * 1000)
            except httpx.HTTPError:
                lost += 1
                if lost == 3:
                    break
    return (statistics.median(took) if took else 0, max(took, default=0), lost)


def slow_clients(claims: Claims) -> None:
    page = "/api/experiences?limit=20"
    said = lambda found: f"median {found[0]:.0f} ms, worst {found[1]:.0f} ms, unanswered {found[2]}"  # noqa: E731
    claims.hold("quiet", (quiet := latencies(API + page))[2] == 0, said(quiet))
    ways = (("bodies", _POST, b"x"), ("readers", _READ, b""), ("headers", _HEADER, b"x"))
    for name, opening, drip in ways:
        found = asyncio.run(crowd(NGINX, opening, drip, lambda: latencies(API + page)))
        claims.hold(f"{SLOW_CLIENTS} slow {name}, through nginx: others are answered", found[2] == 0, said(found))
    direct = f"http://127.0.0.1:{WEB[1]}{page}"
    found = asyncio.run(crowd(WEB, _POST, b"x", lambda: latencies(direct)))
    claims.hold(f"{SLOW_CLIENTS} slow bodies, straight to web: nobody is (negative control)", found[2] > 0, said(found))


def raw(request: str, host: str = "localhost") -> str:
    """The beginning of what nginx answers to these very bytes; empty where it hangs up."""
    try:
        with (
            socket.create_connection(NGINX, timeout=5) as plain,
            trust().wrap_socket(plain, server_hostname=host) as link,
        ):
            link.sendall(request.replace("\n", "\r\n").encode())
            answer = b""
            while part := link.recv(65536):
                answer += part
                if b"\r\n\r\n" in answer:
                    break
            return answer.decode("latin-1")
    except OSError:
        return ""


def smuggling(claims: Claims) -> None:
    post = "POST /api/auth/login HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
    for name, request in {
        "two Content-Lengths": f"{post}Content-Length: 2\nContent-Length: 3\n\n{{}}x",
        "Content-Length and Transfer-Encoding": f"{post}Content-Length: 2\nTransfer-Encoding: chunked\n\n0\n\n",
        "an unknown Transfer-Encoding": f"{post}Transfer-Encoding: xchunked\n\n0\n\n",
        "a space before the colon": f"{post}Content-Length : 2\n\n{{}}",
        "a negative Content-Length": f"{post}Content-Length: -1\n\n",
        "a chunk with a wrong size": f"{post}Transfer-Encoding: chunked\n\nzz\n{{}}\n0\n\n",
        "no Host": "GET /health HTTP/1.1\n\n",
        "two Hosts": "GET /health HTTP/1.1\nHost: localhost\nHost: evil.example\n\n",
        "a name that is not ours": "GET /health HTTP/1.1\nHost: evil.example\n\n",
        "a whole address of somebody else": "GET https://evil.example/health HTTP/1.1\nHost: localhost\n\n",
    }.items():
        status = raw(request).partition("\r\n")[0]
        claims.hold(f"refused: {name}", status[9:12] in ("400", "501", ""), status or "closed")
    claims.hold("no handshake under another name", raw("GET / HTTP/1.1\n\n", "evil.example") == "", "closed")


def refusals(claims: Claims) -> None:
    with httpx.Client(base_url=API, verify=trust()) as client:
        for path, size in (("/api/auth/login", 65), ("/api/payments/mpesa/callback", 17)):
            answer = client.post(path, content=b" " * size * 1024)
            claims.hold(f"{size} KB to {path}", _is_problem(answer, 413, "body_too_large"), answer.status_code)
        chunks = client.post("/api/auth/login", content=(b" " * 1024 for _ in range(65)))
        claims.hold("65 KB in chunks", _is_problem(chunks, 413, "body_too_large"), chunks.status_code)
        for path in ("/metrics", "/metrics/", "/flower/metrics", "/%6detrics"):
            claims.hold(f"{path} from outside", (status := client.get(path).status_code) == 404, status)
        doubled = raw("GET //metrics HTTP/1.1\nHost: localhost\n\n")[9:12]
        claims.hold("//metrics from outside", doubled == "404", doubled)
        claims.hold("/flower/ asks for a password", client.get("/flower/").status_code == 401, 401)
        answer = client.get("/health", headers={"X-Request-ID": "my-own.id"})
        claims.hold("a client's request id comes back", answer.headers["X-Request-ID"] == "my-own.id", "my-own.id")
        unfit = client.get("/flower/metrics", headers={"X-Request-ID": 'a"b'}).json()["request_id"]
        claims.hold("an unfit one does not", unfit != 'a"b', unfit)
        crowds = [client.get("/flower/", headers={"X-Request-ID": "many"}).status_code for _ in range(150)]
        claims.hold("guessing Flower's password is slowed", crowds.count(429) > 20, f"{crowds.count(429)} × 429")
        client.post(f"/api/payments/mpesa/callback/{TOKEN}?secret={TOKEN}", json={})
    plain = httpx.get("http://localhost:8080/api/experiences?a=b", follow_redirects=False)
    # The stack serves on the container's own port, so only the beginning is what a browser would see.
    claims.hold("plain HTTP leads to TLS", plain.status_code == 308, plain.headers.get("Location"))


def _is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    is_one = answer.headers["Content-Type"].startswith("application/problem+json")
    return is_one and answer.status_code == status and answer.json()["code"] == code


def forwarding(claims: Claims) -> None:
    """The address that the API believes in, as its own books have it."""
    forged = dict.fromkeys(("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded"), "203.0.113.9")
    person = {
        "email": f"forged.{time.time():.0f}@example.com",
        "phone": "+254719000001",
        "password": "a-long-password-1",
    }
    person |= {"first_name": "Asha", "last_name": "Forged", "user_type": "tourist"}
    answer = httpx.post(f"{API}/api/auth/register", json=person, headers=forged, verify=trust())
    with psycopg2.connect("postgresql://elite@127.0.0.1:5432/elite") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT host(ip) FROM audit_logs WHERE ip IS NOT NULL ORDER BY at DESC LIMIT 1")
        seen = cursor.fetchone()[0]
    claims.hold("a forged X-Forwarded-For is not believed", (answer.status_code, seen) == (201, "127.0.0.1"), seen)


def sockets(claims: Claims) -> None:
    """The official client, by websocket and by long polling, hears of a payment."""
    os.environ["NODE_EXTRA_CA_CERTS"] = CERTIFICATE
    from tests.support.npm_client import NpmClients

    api, sandbox = Api(API), Sandbox("http://localhost:5050")
    phone = f"+25471{int(time.time()) % 10**7:07d}"
    person = {"email": f"{phone[1:]}@example.com", "phone": phone, "first_name": "Asha", "last_name": "Live"}
    api.register({**person, "password": "a-long-password-1"})
    token = api._http.headers["Authorization"].partition(" ")[2]
    clients = NpmClients()
    listening = {"websocket": clients.socket(), "polling": clients.socket()}
    for transport, client in listening.items():
        client.connect(API, transports=(transport,), auth={"token": token})
        client.expect("ready")
        claims.hold(f"Socket.IO by {transport} is let in", True, client.all("connect"))
    slots = ((it["id"], api.free_slots(it["id"], 2)) for it in api.experiences(2) if it["price"]["currency"] == "KES")
    experience, free = next((found, slots) for found, slots in slots if slots)
    booking = api.book(experience, free[0]["starts_at"], 2)
    api.pay_by_mpesa(booking["id"], phone)
    deadline = time.monotonic() + 20
    while not sandbox.open_prompt(phone) and time.monotonic() < deadline:
        time.sleep(0.1)
    sandbox.enter_pin(phone)
    for transport, client in listening.items():
        hears = functools.partial(client.all, "payment_updated")
        deadline = time.monotonic() + 15
        while not hears() and time.monotonic() < deadline:
            time.sleep(0.1)
        claims.hold(
            f"... and hears of the payment by {transport}", bool(hears()), [it["data"]["status"] for it in hears()]
        )
    clients.stop()


def logs(claims: Claims) -> None:
    text = (LOGS / "nginx.log").read_text()
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    claims.hold("every line of the access log is JSON", len(lines) > 500, f"{len(lines)} lines")
    claims.hold("no token and no query is logged", TOKEN not in text and "secret=" not in text, "canary not found")


def absence(claims: Claims) -> None:
    """Last, for nothing answers afterwards."""
    os.kill(int(os.environ["STACK_PID_WEB"]), signal.SIGKILL)
    os.killpg(int(os.environ["STACK_PID_WEB"]), signal.SIGKILL)
    time.sleep(0.3)
    answer = httpx.get(f"{API}/health", verify=trust())
    seen = f"{answer.status_code}, Retry-After {answer.headers.get('Retry-After')}"
    claims.hold("without web: 503 that says when", _is_problem(answer, 503, "unavailable"), seen)


def main() -> int:
    claims = Claims()
    for attempt in (slow_clients, smuggling, refusals, forwarding, sockets, logs, absence):
        attempt(claims)
    return claims.broken


if __name__ == "__main__":
    sys.exit(main())
