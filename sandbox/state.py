"""The stand-in's own books: prompts, money taken, messages accepted; nobody else's record is ever asked."""

from __future__ import annotations

import itertools
import threading
import zlib
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime

from sandbox import kenya

MAX_PROMPTS = 10_000
MAX_PHONES = 5_000
MAX_MESSAGES = 10_000
MAX_MAIL_BYTES = 12_000_000
PROMPTS_PER_PHONE = 50
SMS_PER_PHONE = 200
RECENT_TEXTS = 100


@dataclass
class Prompt:
    """One STK push. ``reachable`` is false where no prompt stands on the screen: the phone is off, or Daraja is slow."""

    id: str
    checkout_request_id: str
    merchant_request_id: str
    msisdn: str
    amount: int  # whole shillings
    shortcode: str
    party_b: str
    transaction_type: str
    business: str
    account_reference: str
    description: str
    callback_url: str
    opened_at: datetime
    expires_at: datetime
    reachable: bool = True
    state: str = "open"
    result_code: int | None = None
    result_desc: str = ""
    receipt: str = ""
    charged: int | None = None
    resolved_at: datetime | None = None

    def as_json(self) -> dict:
        shown = {key: value for key, value in self.__dict__.items() if not isinstance(value, datetime)}
        for name in ("opened_at", "expires_at", "resolved_at"):
            moment = getattr(self, name)
            shown[name] = kenya.iso(moment) if moment else None
        return shown


@dataclass(frozen=True)
class Sms:
    """A text on a phone. ``provider`` tells whether our client sent it or M-Pesa did."""

    id: str
    msisdn: str
    sender: str
    text: str
    at: str
    provider: str = "africastalking"

    def as_json(self) -> dict:
        return {
            "id": self.id,
            "to": self.msisdn,
            "from": self.sender,
            "text": self.text,
            "at": self.at,
            "provider": self.provider,
        }


@dataclass
class Attachment:
    filename: str
    type: str
    disposition: str
    content_id: str
    packed: bytes
    size: int

    def as_json(self) -> dict:
        return {"filename": self.filename, "type": self.type, "disposition": self.disposition, "size": self.size}


@dataclass
class Mail:
    """An accepted mail; its bodies are kept compressed and given up first when memory runs short."""

    id: str
    message_id: str
    at: str
    sender: dict
    to: list[dict]
    cc: list[dict]
    bcc: list[dict]
    reply_to: dict | None
    subject: str
    headers: dict
    custom_args: dict
    categories: list[str]
    packed_text: bytes
    packed_html: bytes
    attachments: list[Attachment] = field(default_factory=list)

    def text(self) -> str:
        return unpack(self.packed_text).decode()

    def html(self) -> str:
        return unpack(self.packed_html).decode()

    def size(self) -> int:
        return len(self.packed_text) + len(self.packed_html) + sum(len(a.packed) for a in self.attachments)

    def forget_bodies(self) -> None:
        self.packed_text = self.packed_html = b""
        self.attachments = []

    def summary(self) -> dict:
        """What a list of mails shows: everything but the bodies."""
        return {
            "id": self.id,
            "message_id": self.message_id,
            "at": self.at,
            "from": self.sender,
            "to": [person["email"] for person in self.to],
            "cc": [person["email"] for person in self.cc],
            "bcc": [person["email"] for person in self.bcc],
            "reply_to": self.reply_to,
            "subject": self.subject,
            "headers": self.headers,
            "custom_args": self.custom_args,
            "categories": self.categories,
            "has_html": bool(self.packed_html),
            "attachments": [attachment.as_json() for attachment in self.attachments],
        }


def pack(data: bytes) -> bytes:
    return zlib.compress(data) if data else b""


def unpack(data: bytes) -> bytes:
    return zlib.decompress(data) if data else b""


@dataclass
class Phone:
    msisdn: str
    prompts: list[Prompt] = field(default_factory=list)  # the newest, oldest first
    sms: list[Sms] = field(default_factory=list)
    last_at: str = ""

    def open_prompt(self) -> Prompt | None:
        return next((prompt for prompt in reversed(self.prompts) if prompt.state == "open"), None)


class Records:
    """All of it behind one lock, which callers may hold over several steps. Charges are never dropped."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._ids = itertools.count(1)
        self._forget()

    def _forget(self) -> None:
        self.prompts: OrderedDict[str, Prompt] = OrderedDict()
        self.phones: OrderedDict[str, Phone] = OrderedDict()
        self.charges: list[dict] = []
        self.receipts: set[str] = set()
        self.paid_at: dict[tuple[str, int], datetime] = {}
        self.sms: deque[Sms] = deque(maxlen=MAX_MESSAGES)
        self.recent_texts: deque[Sms] = deque(maxlen=RECENT_TEXTS)  # M-Pesa's own among them
        self.mails: OrderedDict[str, Mail] = OrderedDict()
        self._mail_bytes = 0

    def clear(self) -> None:
        with self.lock:
            self._forget()

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._ids)}"

    def phone(self, msisdn: str) -> Phone:
        """The phone, known from now on; the longest silent one is forgotten where there are too many."""
        with self.lock:
            phone = self.phones.setdefault(msisdn, Phone(msisdn))
            self.phones.move_to_end(msisdn)
            phone.last_at = kenya.iso(kenya.now())
            if len(self.phones) > MAX_PHONES:
                self.phones.popitem(last=False)
            return phone

    def add_prompt(self, prompt: Prompt) -> None:
        with self.lock:
            self.prompts[prompt.checkout_request_id] = prompt
            phone = self.phone(prompt.msisdn)
            phone.prompts = [*phone.prompts, prompt][-PROMPTS_PER_PHONE:]
            if len(self.prompts) > MAX_PROMPTS:
                self.prompts.popitem(last=False)

    def add_charge(self, prompt: Prompt, amount: int, moment: datetime) -> str:
        """Take the money: write the charge and return its receipt, which no other charge has."""
        with self.lock:
            receipt = kenya.receipt(moment)
            while receipt in self.receipts:
                receipt = kenya.receipt(moment)
            self.receipts.add(receipt)
            self.charges.append(
                {
                    "receipt": receipt,
                    "checkout_request_id": prompt.checkout_request_id,
                    "account_reference": prompt.account_reference,
                    "msisdn": prompt.msisdn,
                    "amount": amount,
                    "shortcode": prompt.shortcode,
                    "at": kenya.iso(moment),
                }
            )
            self.paid_at[prompt.msisdn, prompt.amount] = moment
            return receipt

    def add_sms(self, sms: Sms) -> None:
        with self.lock:
            phone = self.phone(sms.msisdn)
            phone.sms = [*phone.sms, sms][-SMS_PER_PHONE:]
            self.recent_texts.append(sms)
            if sms.provider == "africastalking":
                self.sms.append(sms)

    def add_mail(self, mail: Mail) -> None:
        with self.lock:
            self.mails[mail.id] = mail
            self._mail_bytes += mail.size()
            if len(self.mails) > MAX_MESSAGES:
                self._mail_bytes -= self.mails.popitem(last=False)[1].size()
            for old in self.mails.values():
                if self._mail_bytes <= MAX_MAIL_BYTES:
                    break
                self._mail_bytes -= old.size()
                old.forget_bodies()
