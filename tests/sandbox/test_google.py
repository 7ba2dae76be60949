"""The Google issuer: its documents, its page, its tokens and its keys."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

CLIENT = "elite-events-sandbox.apps.googleusercontent.com"
AUTH = "/google/o/oauth2/v2/auth"
ASKED = {"client_id": CLIENT, "response_type": "id_token", "nonce": "n-1", "scope": "openid email profile"}
INGRID = "ingrid.larsen@gmail.com"


@pytest.fixture
def web(start_sandbox):
    with httpx.Client(base_url=start_sandbox().base, trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture
def read(web):
    """A token's claims, as a careful reader takes it."""

    def read(token: str, audience: str = CLIENT) -> dict:
        document = web.get("/google/.well-known/openid-configuration").json()
        keys = {key["kid"]: jwt.PyJWK(key).key for key in web.get(document["jwks_uri"]).json()["keys"]}
        key = keys[jwt.get_unverified_header(token)["kid"]]
        return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=document["issuer"])

    return read


def mint(web, **asked):
    return web.post("/__sim/google/tokens", json={"email": INGRID, "nonce": "n-1"} | asked)


def test_a_token_says_who_it_is_to_whoever_reads_the_documents(web, read):
    claims = read(mint(web).json()["id_token"])
    assert {name: claims[name] for name in ("email", "email_verified", "nonce", "given_name", "family_name")} == {
        "email": INGRID,
        "email_verified": True,
        "nonce": "n-1",
        "given_name": "Ingrid",
        "family_name": "Larsen",
    }
    assert claims["sub"].isdigit()
    assert claims["sub"] == read(mint(web, given_name="I").json()["id_token"])["sub"]


def test_keys_may_be_kept_for_hours(web):
    assert "max-age=19800" in web.get("/google/oauth2/v3/certs").headers["Cache-Control"]


@pytest.mark.parametrize("keep", [0, 1])
def test_a_new_key_signs_and_old_ones_stay_as_asked(web, read, keep):
    old = mint(web).json()["id_token"]
    kids = web.post("/__sim/google/rotate", json={"keep": keep}).json()["kids"]
    assert len(kids) == keep + 1
    new = mint(web).json()["id_token"]
    assert jwt.get_unverified_header(new)["kid"] == kids[0] == web.get("/__sim/google").json()["kids"][0]
    assert read(new)["email"] == INGRID
    if keep:
        assert read(old)["email"] == INGRID
    else:
        with pytest.raises(KeyError):
            read(old)


def test_every_bad_token_is_bad_to_a_careful_reader(web, read):
    names = web.get("/__sim/google").json()["bad"]
    assert len(names) == 10
    for name in set(names) - {"wrong_nonce", "unverified_email"}:
        token = mint(web, bad=name).json()["id_token"]
        with pytest.raises((jwt.PyJWTError, KeyError)):
            read(token)
    assert read(mint(web, bad="wrong_nonce").json()["id_token"])["nonce"] != "n-1"
    assert read(mint(web, bad="unverified_email").json()["id_token"])["email_verified"] is False


@pytest.mark.parametrize(
    "asked", [{"bad": "nonsense"}, {"email": ""}, {"nonce": ""}, {"subject": "1"}, {"email": 1}, {"nonce": None}]
)
def test_a_token_that_cannot_be_made_is_refused_in_a_sentence(web, asked):
    answer = mint(web, **asked)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize("body", [{"keep": -1}, {"keep": 6}, {"keep": "1"}, {"keep": True}, [1]])
def test_keys_turn_within_bounds(web, body):
    assert web.post("/__sim/google/rotate", json=body).status_code == 422


def test_the_page_leads_back_with_a_token_and_the_state(web, read):
    asked = ASKED | {"redirect_uri": "http://localhost:3000/google", "state": "s&1"}
    page = web.get(AUTH, params=asked)
    assert "Continue as Ingrid" in page.text
    assert "form-action 'self' http://localhost:3000" in page.headers["Content-Security-Policy"]

    answer = web.post(AUTH, params=asked, data={"email": INGRID})

    assert answer.status_code == 303
    target = urlsplit(answer.headers["Location"])
    assert target._replace(fragment="").geturl() == "http://localhost:3000/google"
    back = parse_qs(target.fragment)
    assert back["state"] == ["s&1"]
    assert read(back["id_token"][0])["nonce"] == "n-1"


def test_without_an_address_to_go_back_to_the_token_is_shown(web):
    page = web.post(AUTH, params=ASKED, data={"email": "jane.wanjiru@example.com"})
    assert page.status_code == 200
    assert "Jane Wanjiru is signed in" in page.text
    assert ">eyJ" in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "another"},
        {"response_type": "code"},
        {"nonce": ""},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "//x"},
        {"redirect_uri": "http://localhost/#x"},
    ],
)
def test_a_request_that_google_would_refuse_is_refused(web, change):
    for answer in (web.get(AUTH, params=ASKED | change), web.post(AUTH, params=ASKED | change, data={"email": INGRID})):
        assert answer.status_code == 400
        assert "Error 40" in answer.text


def test_markup_in_an_address_stays_text(web):
    assert web.post(AUTH, params=ASKED, data={"email": "<b>@x.example"}).status_code == 422
    page = web.get(AUTH, params=ASKED | {"redirect_uri": 'http://a"><script>.example/'})
    assert "<script>" not in page.text
    assert "script" not in page.headers["Content-Security-Policy"]


def test_what_happens_stands_in_the_timeline_and_a_reset_leaves_the_keys(web):
    kids = web.get("/__sim/google").json()["kids"]
    web.get("/google/oauth2/v3/certs")
    assert any(entry["provider"] == "google" for entry in web.get("/__sim/requests").json())
    web.post("/__sim/reset")
    assert web.get("/__sim/google").json()["kids"] == kids


def test_google_may_be_down(web):
    web.put("/__sim/faults", json={"google_down": 1})
    assert [web.get("/google/oauth2/v3/certs").status_code for _ in range(2)] == [503, 200]
