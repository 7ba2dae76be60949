"""``./elite gallery``: every text in every language at once in the sandbox, to look at before people do."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import closing

from documents import render_mail, render_sms
from documents.wording import LOCALES
from domain.facts import Facts
from domain.mail import OutgoingMail
from domain.notices import NOTICES, Channel, NoticeKind
from domain.provider_errors import ProviderError
from ops import environment
from ops.doctor.patient import admit
from ops.errors import OpsError
from ops.samples import SAMPLES
from ops.terminal import Terminal
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from settings import Settings

MAILBOX, PHONE = "gallery@example.com", "+254712000000"
#: Neither is asked anything.
_UNUSED = {"REDIS_URL": "redis://unused", "DATABASE_URL": "postgresql://unused/unused"}


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Send all mails and texts to the sandbox; raises OpsError in production, or where no sandbox answers."""
    settings = environment.settings_from({**_UNUSED, **admit(os.environ).env})
    if settings.is_production:
        raise OpsError("This is production: people would get them.", "Look at them beside ./elite up.")
    try:
        with terminal.step("Every text in every language") as step:
            step.title = f"{send_mails(settings)} mails to {MAILBOX}, {send_texts(settings)} SMS to {PHONE}"
    except ProviderError as error:
        raise OpsError(f"The sandbox did not take them all ({error}).", "Is ./elite up running?") from error
    terminal.line(f"Look at them in the sandbox: {settings.sendgrid_base_url.rpartition('/')[0]}")
    return 0


def told(channel: Channel) -> Iterator[tuple[NoticeKind, str, Facts]]:
    """Each sample of each kind that a channel tells, in each language."""
    for kind, notice in NOTICES.items():
        if channel in notice.channels:
            yield from ((kind, locale, facts) for locale in LOCALES for facts in SAMPLES[kind])


def send_mails(settings: Settings) -> int:
    """How many there were."""
    count, sender = 0, (settings.from_email, settings.from_name)
    with closing(SendGridChannel(settings.sendgrid_base_url, settings.sendgrid_api_key, *sender)) as channel:
        for kind, locale, facts in told(Channel.EMAIL):
            channel.send(OutgoingMail(MAILBOX, facts.reader.full_name, render_mail(kind, locale, facts)))
            count += 1
    return count


def send_texts(settings: Settings) -> int:
    """How many there were."""
    count, account = 0, (settings.at_username, settings.at_api_key, settings.at_sender_id)
    with closing(AfricasTalkingChannel(settings.at_base_url, *account)) as channel:
        for kind, locale, facts in told(Channel.SMS):
            channel.send(PHONE, render_sms(kind, locale, facts))
            count += 1
    return count
