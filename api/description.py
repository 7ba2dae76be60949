"""What the API document says before its operations: how to begin, live events, what is not here yet, and demo accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from settings import Settings

_WAY = """
Book local experiences in Kenya and pay by M-Pesa.

Sign in, find an experience and its free times, hold seats with `POST /api/bookings` (`starts_at` is one of
`GET /api/experiences/{id_or_slug}/availability`), then start a payment: the phone asks for the PIN, and
`GET /api/payments/{payment_id}/status` tells the outcome (`Prefer: wait=10` waits for it).

Whoever wants to guide sends `POST /api/guides/apply`, confirms by the mail's link, and once an administrator has approved
accepts by the next one, signed in under that address. Then `GET /api/guides/me` tells what the profile lacks (`missing`).
`POST /api/experiences` writes a draft, whose own `missing` names what it needs before `PUT` with `{"status": "active"}` offers
it; that brings an archived one back, too. `POST /api/guides/me/availability` opens hours, without which it has no free times:
`missing` names `hours` as well, and does not keep it from being offered.

A file goes to `POST /api/upload/image`, `/video`, `/document` or `/scan` (a photo of a paper, which stays
private), or from the browser straight to the storage: after
`POST /api/upload/presign` a form of `send_to.fields`, with the part `file` behind them, to `send_to.url`, and then `POST` to
`send_to.complete_url`. Ask `GET /api/upload/{media_id}` until `state` is `ready`, and give its id to what shows it: `media_id` of
`POST /api/experiences/{id_or_slug}/images`, `document_id` of `POST /api/guides/me/licence`. What nothing uses is deleted after
24 hours.

Texts for people (`next_step` and `failure.message` of a payment, mails and SMS) come in the user's `locale`, English or
Swahili, taken from `Accept-Language` at registration; a payment's texts follow the request's own `Accept-Language` where it
names one of the two, and problem documents are in English.

A new account may book at once; a mail asks to confirm its address. Mails lead to pages of `FRONTEND_URL`; five of them are
given a `token` in their address and send it here:

| page | what it does with the token |
|---|---|
| `/verify-email?token=…` | `POST /api/auth/verify-email` |
| `/reset-password?token=…` | `POST /api/auth/reset-password`, with the new password |
| `/restore-account?token=…` | `POST /api/auth/restore`, for who deleted the account and thought better of it |
| `/data-export?token=…` | leads to `GET /api/users/export/{token}`, which downloads the copy of one's data |
| `/guide-application?token=…` | shows `GET /api/guides/applications/{token}`; sends to its `/confirm`, `/answer`, `/accept` |
| `/login`, `/forgot-password`, `/contact`, `/experiences`, `/bookings/{id}` | come without a token |
| `/experiences/{slug}`, `/my-experiences/{id}`, `/messages/{user_id}` | so do an experience, one's own, and a conversation |
| `/my-experiences`, `/my-licence` | and so do a guide's: `GET /api/guides/me/experiences`, `GET /api/guides/me` |

`POST /api/auth/social/google` takes Google's ID token: give Google's SDK a `nonce` of your own making and send both here. It
opens an account without a password where there is none; `GET /api/users/me` tells by what one can sign in.

Errors are problem documents (RFC 9457); test their `code`. Names of fields may also be sent in camelCase. Amounts are
decimal strings, instants are ISO 8601 with an offset.
"""
_LIVE = """
## Live events

What happens to one's bookings and payments comes over Socket.IO 4 at this same address, with the same access token:

```js
let since = null; // the number of the last event
const socket = io(address, { auth: (send) => send({ token: accessToken(), since }) }); // no "Bearer"
socket.on("ready", ({ last_seq }) => { if (since === null) { since = last_seq; load(); } });
socket.on("resync", ({ last_seq }) => { since = last_seq; load(); }); // too much was missed: read by REST
for (const name of ["notification", "booking_updated", "payment_updated", "new_message"])
  socket.on(name, (event) => { since = event.seq; show(name, event); });
socket.on("connect_error", (error) => { if (!socket.active) refused(error.data); }); // code, message, retry_after
socket.on("disconnect", (reason) => { if (reason === "io server disconnect") ended(); }); // no session any more
```

An event is a notification as `GET /api/notifications` lists it, without `read_at`. `notification` has words, the others none:
the new state is in `data.status`, and who has written in `data.sender_id`. Numbers come in order and each once, with `since`
also what came meanwhile; changes in quick succession may be one event. A socket lives as long as its session, not as its
token. A client that was refused does not try again by itself: after `token_expired` refresh and call `connect()`, after
`retry_after` seconds call `connect()`.
`docs/live-events.md` of the source has all of it.
"""
_NOT_YET = """
## Not here yet

Writing reviews, chat beyond questions and answers, sending push messages (devices are registered already), and paying by
card or PayPal.
"""
_DEMO = """
## Demo accounts

Where the demo data is loaded, these sign in, all with the password `{password}`: {accounts}. The examples of login and booking
are of this data; `./elite up` shows the traveller's phone in the sandbox. The admin is asked for a code as well, which an
authenticator app shows that was given `{second_factor}`.
"""
_OPERATORS = """
For operators: [Flower]({}) shows the workers, `/metrics` the figures, `/health/ready` what is not well.
"""
#: Of the demo data, which production refuses to load.
DEMO_LOGIN = {"email": "traveller@elite-events.example", "password": "karibu-kenya-2026"}
DEMO_SECOND_FACTOR = "KARIBUKENYAKARIBUKENYAKARIBUKENY"
DEMO_ACCOUNTS: Mapping[str, str] = {
    "tourist": DEMO_LOGIN["email"],
    "guide": "amina@elite-events.example",
    "admin": "admin@elite-events.example",
    "super_admin": "owner@elite-events.example",
}
#: Where the slugs of the demo data fill in a path.
_SLUGS = {"experience": "nairobi-food-walk", "guide": "amina-warsame"}


def description(settings: Settings) -> str:
    """The text in Markdown, as fits where the API runs."""
    parts = [_WAY, _LIVE, _NOT_YET]
    if not settings.is_production:
        accounts = ", ".join(f"`{email}` ({role})" for role, email in DEMO_ACCOUNTS.items())
        parts.append(_DEMO.format(password=DEMO_LOGIN["password"], accounts=accounts, second_factor=DEMO_SECOND_FACTOR))
    if settings.flower_url:
        parts.append(_OPERATORS.format(settings.flower_url))
    return "\n\n".join(part.strip() for part in parts)


def fill_in(paths: Mapping[str, Any], settings: Settings) -> None:
    """Give examples that work against the demo data: slugs in addresses and, outside production, the login."""
    for path, item in paths.items():
        for parameter in item.get("parameters", ()):
            if parameter["name"] == "id_or_slug":
                parameter["example"] = _SLUGS["guide" if "/guide/" in path or "/guides/{" in path else "experience"]
    if not settings.is_production:
        (content,) = paths["/api/auth/login"]["post"]["requestBody"]["content"].values()
        content["example"] = DEMO_LOGIN
