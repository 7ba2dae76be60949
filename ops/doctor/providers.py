"""The outside world, asked with our own keys what costs nothing and changes nothing."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

from sqlalchemy import text

from composition import mpesa_config_from, storage_from
from domain.files import PRIVATE
from domain.identities import Provider
from domain.jobs import JobKind
from domain.provider_errors import ProviderError, Rejected
from domain.vault import Vault
from models.identities import newest_keys
from ops.doctor.findings import Finding, broken, good, look
from ops.doctor.patient import Patient
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from providers.http import Timeouts
from providers.payments.mpesa import MpesaClient
from workers.tokens import SharedTokens

_HASTY = Timeouts(connect=3, read=5, write=3, pool=3, total=6)
#: They are fetched every hour.
STALE_KEYS = timedelta(hours=3)
_UNFETCHED = text("SELECT max(last_error) FROM jobs WHERE kind = :kind AND failures > 0 AND done_at IS NULL")
_REFUSED = frozenset({"http_401", "http_403", "wrong_credentials", "scope_missing", "token_refused"})
#: As S3 words it that our bucket, keys or their rights are wrong; its 403 to a HEAD has no words.
_REFUSED_BY_S3 = frozenset({"NoSuchBucket", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})


def mpesa(patient: Patient) -> Iterator[Finding]:
    """Token, shortcode and passkey, with the token that all processes share: fetching another would end theirs."""
    settings = patient.settings
    tokens = SharedTokens(patient.database, patient.clock, "mpesa", Vault(settings.encryption_keys))
    client = MpesaClient(
        mpesa_config_from(settings), tokens, patient.clock.wall, call_timeouts=_HASTY, token_timeouts=_HASTY
    )
    with closing(client):
        yield _asked(
            "M-Pesa",
            settings.mpesa_base_url,
            lambda: client.verify() or f"shortcode {settings.mpesa_shortcode} is known",
            "MPESA_CONSUMER_KEY, MPESA_CONSUMER_SECRET, MPESA_SHORTCODE and MPESA_PASSKEY",
            "Payments cannot be started; those in flight are asked about when it answers again.",
        )


def mail(patient: Patient) -> Iterator[Finding]:
    """SendGrid knows our key, and lets it send."""
    settings = patient.settings
    channel = SendGridChannel(
        settings.sendgrid_base_url, settings.sendgrid_api_key, settings.from_email, settings.from_name, timeouts=_HASTY
    )
    with closing(channel):
        yield _asked(
            "Mail",
            settings.sendgrid_base_url,
            lambda: channel.verify() or "the key may send",
            "SENDGRID_API_KEY (it needs the scope mail.send)",
            "Mails wait up to 24 h and leave by themselves; links whose time is over by then do not, and may be asked for again.",
        )


def sms(patient: Patient) -> Iterator[Finding]:
    """Africa's Talking knows our account; its balance is worth a glance."""
    settings = patient.settings
    channel = AfricasTalkingChannel(
        settings.at_base_url, settings.at_username, settings.at_api_key, settings.at_sender_id, timeouts=_HASTY
    )
    with closing(channel):
        yield _asked(
            "SMS",
            settings.at_base_url,
            lambda: f"balance {channel.verify() or 'not told'}",
            "AT_USERNAME and AT_API_KEY",
            "Texts wait up to 24 h and leave by themselves; codes whose time is over by then do not, and may be asked for again.",
        )


def storage(patient: Patient) -> Iterator[Finding]:
    """A file can be stored, read and deleted, with the rights that the product needs."""
    settings = patient.settings
    kept = storage_from(settings)

    def try_out() -> str:
        key, read = f"{PRIVATE}doctor/{uuid.uuid4()}", io.BytesIO()
        kept.put(key, b"probe", content_type="text/plain")
        kept.fetch(key, read, most=64)
        kept.delete(key)
        if kept.exists(key) or read.getvalue() != b"probe":
            raise Rejected("what was stored is not what was read, or could not be deleted", code="not_kept")
        return f"{settings.aws_bucket_name} stores, reads and deletes"

    try:
        yield _asked(
            "Storage",
            settings.aws_endpoint_url,
            try_out,
            "AWS_BUCKET_NAME, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (it needs s3:PutObject, "
            "s3:GetObject, s3:DeleteObject and s3:ListBucket)",
            "Uploads are answered 503; those that arrived wait and are finished by themselves.",
        )
    finally:
        kept.close()


def google(patient: Patient) -> Iterator[Finding]:
    """The keys that sign-ins by Google are held against: whether they are there, and of late."""
    settings, cure = patient.settings, "The job accounts.fetch_google_keys fetches them: see Jobs and Processes. "
    if not settings.google_client_ids:
        yield good("Google", "signing in by Google is not offered (GOOGLE_CLIENT_IDS is empty)")
        return
    with patient.database.reading() as session:
        newest, now = newest_keys(session, Provider.GOOGLE), patient.clock.now(session)
        failed = session.scalar(_UNFETCHED, {"kind": JobKind.FETCH_GOOGLE_KEYS})
    cure += f"Can this machine reach {settings.google_base_url}? Meanwhile people sign in by password."
    if newest is None and failed:
        yield broken("Google", f"no keys, and fetching them fails: {failed}", cure)
        return
    if newest is None:
        yield look("Google", "no keys yet; they are fetched within a minute of the start", cure)
        return
    minutes = int((now - newest[0]).total_seconds() // 60)
    if now - newest[0] > STALE_KEYS:
        yield broken("Google", f"the keys were last fetched {minutes} minutes ago, and Google changes them", cure)
    else:
        yield good("Google", f"keys fetched {minutes} minutes ago")


def _asked(subject: str, address: str, ask: Callable[[], str], names: str, meanwhile: str) -> Finding:
    try:
        return good(subject, f"answers, {ask()}")
    except ProviderError as error:
        said = f"{type(error).__name__}: {error} ({error.code})"
        if isinstance(error, Rejected) or error.code in _REFUSED | _REFUSED_BY_S3:
            return broken(subject, said, f"Correct {names} and restart the workers. {meanwhile}")
        cure = f"Can this machine reach {address}? If so it is their outage. {meanwhile}"
        return broken(subject, said, cure)
