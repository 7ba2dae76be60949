"""Facts and a kind become a mail or an SMS: one compiled environment, one template per kind, locale and channel."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape

from documents import gsm, palette
from documents.ical import calendar
from documents.view import account_sms_view, account_view, application_view, experience_view, mail_view, sms_view
from documents.wording import LOCALES
from domain.facts import AccountFacts, ApplicationFacts, BookingFacts, Facts
from domain.mail import Attachment, RenderedMail
from domain.notices import NOTICES, Channel, NoticeKind

#: Facts without which a kind would say nothing true.
NEEDED = {
    NoticeKind.PAYMENT_RECEIPT: ("paid",),
    NoticeKind.PAYMENT_FAILED: ("failure_code",),
    NoticeKind.LATE_MONEY_REFUNDED: ("refund",),
    NoticeKind.SURPLUS_REFUNDED: ("refund",),
    NoticeKind.EMAIL_VERIFICATION: ("until",),
    NoticeKind.PASSWORD_RESET: ("until",),
    NoticeKind.PHONE_CODE: ("code", "until"),
    NoticeKind.NEW_DEVICE: ("sign_in",),
    NoticeKind.ACCOUNT_DELETED: ("until",),
    NoticeKind.BACKUP_CODE_USED: ("codes_left",),
    NoticeKind.EXPORT_READY: ("until",),
    NoticeKind.ENQUIRY: ("writer", "message"),
    NoticeKind.ENQUIRY_ANSWERED: ("writer", "message"),
    NoticeKind.EXPERIENCE_HIDDEN: ("reason",),
    **dict.fromkeys((kind for kind in NoticeKind if kind.startswith("licence_")), ("licence",)),
    NoticeKind.APPLICATION_RECEIVED: ("until",),
    NoticeKind.APPLICATION_REJECTED: ("reason",),
}
_SUBJECT_LIMIT = 160
#: What a frontend shows under the title of a notification.
_BODY_LENGTH = 300
#: Room for title and meeting point, most generous first; the first that fits one SMS wins, else the first that fits two.
_ROOM = ((70, 90), (44, 60), (32, 44), (24, 32))


class NothingToSay(ValueError):
    """The kind has no text on this channel or in this locale, or the facts lack what it needs; the message says which."""


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("documents"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.update(c=palette.LIGHT, dark=palette.DARK)
    environment.globals["html"] = environment.get_template("parts.html").module
    environment.globals["plain"] = environment.get_template("parts.txt").module
    return environment


_ENVIRONMENT = _environment()


def render_mail(kind: str, locale: str, facts: Facts) -> RenderedMail:
    """The mail of ``kind`` for ``facts.reader``. Raises :class:`NothingToSay`."""
    notice = _check(kind, locale, facts, Channel.EMAIL)
    view = _mail_view(facts, locale)
    subject, text = _plain(notice, locale, view)
    html = _render(f"{locale}/{notice}.html", {**view, "subject": subject})
    return RenderedMail(subject, html, text, _attachments(notice, locale, facts))


def render_notice(kind: str, locale: str, facts: Facts) -> tuple[str, str]:
    """Title and body of a notification: subject and first words of its mail, or of the text that a kind without mail has for
    this alone. Raises :class:`NothingToSay`."""
    subject, text = _plain(_check(kind, locale, facts), locale, _mail_view(facts, locale))
    return subject, _news(text)


def render_sms(kind: str, locale: str, facts: Facts) -> str:
    """The SMS of ``kind`` in GSM-7: one segment where it fits, never more than two. Raises :class:`NothingToSay`."""
    notice = _check(kind, locale, facts, Channel.SMS)
    if isinstance(facts, BookingFacts):
        views = [sms_view(facts, locale, *room) for room in _ROOM]
    elif isinstance(facts, AccountFacts):
        views = [account_sms_view(facts, locale)]
    else:
        raise NothingToSay(f"{kind} is not told by SMS")
    drafts = [gsm.fold(_render(f"{locale}/{notice}.sms", view)) for view in views]
    for limit in (gsm.ONE_SEGMENT, gsm.TWO_SEGMENTS):
        for draft in drafts:
            if gsm.length(draft) <= limit:
                return draft
    raise NothingToSay(f"{kind} does not fit into two SMS even with clipped texts")


def render_page(name: str, **view: Any) -> str:
    """A page that is no mail."""
    return _render(name, view)


def _check(kind: str, locale: str, facts: Facts, channel: Channel | None = None) -> NoticeKind:
    try:
        notice = NoticeKind(kind)
    except ValueError:
        raise NothingToSay(f"there is no kind {kind!r}") from None
    if channel is not None and channel not in NOTICES[notice].channels:
        raise NothingToSay(f"{kind} is not told by {channel}")
    if locale not in LOCALES:
        raise NothingToSay(f"there are no texts in locale {locale!r}")
    if not isinstance(facts, NOTICES[notice].facts):
        raise NothingToSay(f"{kind} is told from other facts")
    if missing := [name for name in NEEDED.get(notice, ()) if getattr(facts, name) is None]:
        raise NothingToSay(f"{kind} needs {', '.join(missing)}")
    return notice


def _mail_view(facts: Facts, locale: str) -> dict[str, Any]:
    if isinstance(facts, BookingFacts):
        return mail_view(facts, locale)
    if isinstance(facts, ApplicationFacts):
        return application_view(facts, locale)
    return account_view(facts, locale) if isinstance(facts, AccountFacts) else experience_view(facts, locale)


def _plain(notice: NoticeKind, locale: str, view: dict[str, Any]) -> tuple[str, str]:
    """Subject, with which a plain text opens on its first line, and what follows."""
    subject, _, text = _render(f"{locale}/{notice}.txt", view).partition("\n")
    return " ".join(subject.split())[:_SUBJECT_LIMIT], _tidy(text)


def _render(name: str, view: dict[str, Any]) -> str:
    try:
        return _ENVIRONMENT.get_template(name).render(view)
    except TemplateNotFound as missing:
        raise NothingToSay(f"the template {missing.name} is missing") from missing


def _news(text: str) -> str:
    """The two paragraphs with which every mail begins: its headline, which names the reader, and what it is about."""
    return " ".join(" ".join(text.split("\n\n")[:2]).split())[:_BODY_LENGTH]


def _tidy(text: str) -> str:
    """At most one empty line between paragraphs: absent facts leave gaps behind."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or kept[-1]:
            kept.append(line)
    return "\n".join(kept) + "\n"


def _attachments(notice: NoticeKind, locale: str, facts: Facts) -> tuple[Attachment, ...]:
    if notice is not NoticeKind.BOOKING_CONFIRMED or not isinstance(facts, BookingFacts):
        return ()
    name = f"elite-events-{facts.reference}.ics"
    return (Attachment(name, "text/calendar", calendar(facts, locale)),)
