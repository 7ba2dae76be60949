"""nginx: where each address leads, what it takes off the processes' hands, and that it refuses in our own words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api import LARGEST_BODY
from api.errors import HTTP_CODES
from api.resources.avatars import AVATAR
from api.resources.callbacks import LARGEST_BODY as LARGEST_CALLBACK
from api.resources.uploads import DOCUMENT, IMAGE, SCAN, VIDEO
from api.uploads import largest_form
from tests.containers import compose
from tests.structure.nginx import FOLDER, Directive, load

ROOT = Path(__file__).resolve().parents[2]
(HTTP,) = load("nginx.conf").all("http")
SITE = load("templates/site.conf.template")
PROBLEMS = load("problems.conf")
NGINX = compose.services(compose.env_file("sandbox.env"))["nginx"]


def names(server: Directive) -> list[str]:
    return [word for directive in server.all("server_name") for word in directive.words]


OURS = next(s for s in SITE.all("server") if names(s) and s.all("ssl_certificate"))
LOCATIONS = {" ".join(location.words): location for location in OURS.all("location")}


@pytest.mark.parametrize(
    ("location", "upstream"),
    [("/", "web"), ("/api/payments/mpesa/callback", "web"), ("/socket.io/", "realtime"), ("/flower/", "flower")],
)
def test_one_origin_leads_to_each_process(location, upstream):
    assert LOCATIONS[location].value("proxy_pass") == f"http://{upstream}"


@pytest.mark.parametrize("upstream", SITE.all("upstream"), ids=lambda upstream: upstream.words[0])
def test_an_upstream_is_the_service_of_compose(upstream):
    name = upstream.words[0]
    (server,) = upstream.all("server")

    assert server.words == [f"${{{name.upper()}_UPSTREAM}}", "resolve"]
    environment = compose.services(compose.env_file("sandbox.env"))[name]["environment"]
    port = environment[{"web": "PORT", "realtime": "REALTIME_PORT", "flower": "FLOWER_PORT"}[name]]
    assert NGINX["environment"][f"{name.upper()}_UPSTREAM"] == f"{name}:{port}"


def test_a_session_of_long_polling_stays_with_its_process():
    realtime = next(upstream for upstream in SITE.all("upstream") if upstream.words == ["realtime"])
    assert realtime.value("hash") == "$binary_remote_addr consistent"


@pytest.mark.parametrize("path", ["= /metrics", "/metrics/", "= /flower/metrics"])
def test_figures_are_not_for_outsiders(path):
    assert LOCATIONS[path].value("return") == "404"


def test_slow_clients_are_nginx_s_and_bodies_are_bounded_as_in_the_api():
    assert HTTP.value("proxy_request_buffering") == HTTP.value("proxy_buffering") == "on"
    assert HTTP.value("client_max_body_size") == f"{LARGEST_BODY // 1024}k"
    for location, files in {
        "= /api/users/me/upload-avatar": [AVATAR],
        "~ ^/api/upload/(image|document|scan)$": [IMAGE, DOCUMENT, SCAN],
        "= /api/upload/video": [VIDEO],
    }.items():
        bound = int(LOCATIONS[location].value("client_max_body_size").removesuffix("m")) * 1024 * 1024
        assert all(largest_form(file) <= bound < largest_form(file) + 1024 * 1024 for file in files)
    callback = LOCATIONS["/api/payments/mpesa/callback"]
    assert callback.value("client_max_body_size") == f"{LARGEST_CALLBACK // 1024}k"
    for bound in ("client_header_timeout", "client_body_timeout", "send_timeout"):
        assert int(HTTP.value(bound).rstrip("s")) <= 20


@pytest.mark.parametrize(
    "location",
    ["= /api/upload/video", "~ ^/api/guides/(apply|applications/[^/]+/answer)$"],
    ids=["video", "application"],
)
def test_one_slow_sender_does_not_keep_all_places_of_large_forms(location):
    places = {zone: int(most) for zone, most in (each.words for each in LOCATIONS[location].all("limit_conn"))}
    assert places["senders"] <= places["files"] // 3
    zones = {each.words[1].split("=")[1].split(":")[0]: each.words[0] for each in SITE.all("limit_conn_zone")}
    assert zones == {"files": "$server_name", "senders": "$binary_remote_addr"}


def test_what_a_client_says_about_itself_is_replaced():
    sent = {directive.words[0]: directive.words[1] for directive in HTTP.all("proxy_set_header")}

    assert sent["X-Forwarded-For"] == "$remote_addr"
    assert sent["X-Forwarded-Proto"] == "$scheme"
    assert {sent[name] for name in ("Forwarded", "X-Real-IP", "X-Forwarded-Port", "X-Forwarded-Prefix", "Proxy")} == {
        ""
    }
    # A location with a header of its own would lose all of these.
    assert not [location for location in OURS.all("location") if location.all("proxy_set_header")]
    assert not OURS.all("proxy_set_header")


def test_another_host_gets_no_answer():
    stranger = next(server for server in SITE.all("server") if not names(server))

    assert all("default_server" in listen.words for listen in stranger.all("listen"))
    assert stranger.value("ssl_reject_handshake") == "on"
    assert stranger.value("return") == "444"


def test_plain_http_leads_to_tls_and_no_further():
    plain = next(server for server in SITE.all("server") if names(server) and server is not OURS)

    assert [location.words[-1] for location in plain.all("location")] == ["/.well-known/acme-challenge/", "/"]
    assert plain.all("location")[-1].value("return") == "308 ${API_URL}$request_uri"


def test_tls_is_modern():
    assert HTTP.value("ssl_protocols") == "TLSv1.2 TLSv1.3"
    assert all(name.startswith("ECDHE-") for name in HTTP.value("ssl_ciphers").split(":"))


def test_every_refusal_is_a_documented_problem():
    pages = [directive.words for directive in PROBLEMS.all("error_page")]
    locations = {location.words[-1]: location for location in PROBLEMS.all("location")}
    documented = set(re.findall(r"^\| `(\w+)` \| (\d+)", (ROOT / "docs/errors.md").read_text(), re.MULTILINE))

    assert {words[-1] for words in pages} == set(locations)
    assert {"413", "429", "502", "503", "504"} <= {word for words in pages for word in words}
    for location in locations.values():
        status, text = location.all("return")[0].words
        problem = json.loads(text.replace("$trace", "0" * 32))
        assert problem["status"] == int(status)
        assert (problem["code"], status) in documented
        assert problem["type"] == f"urn:elite-events:problem:{problem['code']}"
        assert problem["detail"] == problem["message"]
        if int(status) in HTTP_CODES:
            assert (problem["code"], problem["detail"]) == HTTP_CODES[int(status)]
        if int(status) in (429, 503):
            assert any(header.words[0] == "Retry-After" for header in location.all("add_header"))
            assert location.all("include"), "a header of its own hides those from outside"


def test_logs_hold_neither_queries_nor_tokens():
    (log,) = HTTP.all("log_format")
    line = "".join(log.words[2:])

    assert not re.search(r"\$(request|request_uri|args|query_string|uri|http_\w+|cookie_\w+)\b", line)
    assert json.loads(re.sub(r'(?<!")\$\w+', "0", line))
    assert load("nginx.conf").value("error_log") == "stderr crit"
    paths = next(directive for directive in HTTP.all("map") if directive.words[-1] == "$logged_path")
    masked = re.compile(paths.inner[-1].name.lstrip("~").replace("(?<", "(?P<", 2))
    assert masked.match("/api/payments/mpesa/callback/Zm9vYmFyYmF6cXV4Zm9vYmFy")
    assert not masked.match("/api/bookings/01a1fd99-346e-739d-bb66-a4e121cdfbc0")


def test_every_variable_is_given_by_compose():
    text = (FOLDER / "templates/site.conf.template").read_text()
    assert set(re.findall(r"\$\{(\w+)\}", text)) - {"NGINX_LOCAL_RESOLVERS"} - {"..."} <= set(NGINX["environment"])
