"""The switches that make a provider misbehave, for everybody or for one phone, so that a client can be seen to cope."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sandbox import kenya


class UnknownFault(ValueError):
    """A fault by that name does not exist, or the value given to it makes no sense."""


@dataclass(frozen=True)
class Fault:
    """One way to misbehave.

    ``kind`` says what its value means: ``switch`` (true until switched off, or a number: the next so many times),
    ``seconds``, ``copies``, ``amount`` (shillings) or ``code`` (a ResultCode). ``default`` is what true stands for.
    """

    group: str
    label: str
    hint: str
    kind: str = "switch"
    default: bool | float = True
    by_phone: bool = True


FAULTS: dict[str, Fault] = {
    "drop_callback": Fault("Callback", "lost", "The outcome is never announced; only a query tells."),
    "delay_callback": Fault("Callback", "late", "The outcome is announced so much later.", "seconds", 35),
    "duplicate_callback": Fault("Callback", "repeated", "The same bytes, several times.", "copies", 3),
    "early_callback": Fault(
        "Callback", "before the answer", "Pays by itself and announces it before the push is answered."
    ),
    "wrong_amount": Fault("Callback", "other amount", "One shilling less than asked for.", "amount"),
    "c2b_twin": Fault("Callback", "C2B twin", "A confirmation with the same receipt to the registered URL."),
    "insufficient_funds": Fault("Customer", "too little money", "The right PIN, then ResultCode 1."),
    "cancel": Fault("Customer", "cancels", "ResultCode 1032 without a touch."),
    "phone_off": Fault("Customer", "phone off", "No prompt; ResultCode 1037."),
    "wrong_pin": Fault("Customer", "wrong PIN", "Whatever is typed is wrong: ResultCode 2001."),
    "unknown_code": Fault("Customer", "unknown code", "The right PIN, then ResultCode 7777, which no list explains."),
    "result_code": Fault("Customer", "any ResultCode", "The right PIN, then the code you give.", "code", 26),
    "late_success_hang": Fault(
        "Daraja", "hangs, then takes it", "No answer for long; then pays by itself.", "seconds", 40
    ),
    "push_5xx": Fault("Daraja", "push fails", "500.003.1001, and no prompt."),
    "spike_arrest": Fault("Daraja", "spike arrest", "500.003.02, a few times.", default=3),
    "expired_token": Fault("Daraja", "token expires", "The next call gets 404.001.03.", default=1),
    "subscriber_lock": Fault("Daraja", "subscriber locked", "Another transaction seems to be in process."),
    "query_pending": Fault("Daraja", "query pending", "Also after the outcome, for a while.", "seconds", 30),
    "contradiction": Fault("Daraja", "query contradicts", "Says cancelled although the money was taken."),
    "mail_throttled": Fault("Mail", "throttled", "429 with X-RateLimit headers.", by_phone=False),
    "mail_down": Fault("Mail", "down", "503 for every mail.", by_phone=False),
    "sms_down": Fault("SMS", "down", "503 for every SMS."),
    "sms_empty_recipients": Fault("SMS", "no recipients", "201 with no recipients."),
    "sms_hang": Fault("SMS", "hangs, then sends", "No answer for long; the SMS goes out.", "seconds", 30),
    "google_down": Fault("Google", "down", "503 for the keys; known ones keep working.", by_phone=False),
}
ALIASES = {"timeout_after_success": "late_success_hang"}


@dataclass
class Setting:
    value: bool | float
    phones: tuple[str, ...] = ()  # empty: everybody


class FaultBoard:
    """Which faults are on. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: dict[str, Setting] = {}

    def put(self, wanted: dict[str, object]) -> None:
        """Change the named faults and leave the others; raises UnknownFault, naming it, and then changes nothing."""
        parsed = {ALIASES.get(name, name): self._parse(name, value) for name, value in wanted.items()}
        with self._lock:
            for name, setting in parsed.items():
                self._on.pop(name, None)
                if setting:
                    self._on[name] = setting

    def clear(self) -> None:
        with self._lock:
            self._on.clear()

    def as_json(self) -> dict[str, object]:
        """Every fault by name: false, its value, or {"phone": ..., "value": ...}."""
        with self._lock:
            return {name: self._shown(self._on.get(name)) for name in FAULTS}

    def take(self, name: str, phone: str | None = None) -> bool | float | None:
        """The fault's value where it strikes this phone, else None; one of a counted number of times is used up."""
        with self._lock:
            setting = self._on.get(name)
            if setting is None or (setting.phones and phone not in setting.phones):
                return None
            value = setting.value
            if FAULTS[name].kind == "switch" and value is not True:
                setting.value = value - 1
                if setting.value <= 0:
                    del self._on[name]
            return value

    def is_on(self, name: str) -> bool:
        """Whether the fault is switched on for everybody; a question about an account uses none of it up."""
        with self._lock:
            setting = self._on.get(name)
            return setting is not None and not setting.phones

    @staticmethod
    def _shown(setting: Setting | None) -> object:
        if setting is None:
            return False
        if not setting.phones:
            return setting.value
        phone = setting.phones[0] if len(setting.phones) == 1 else list(setting.phones)
        return {"phone": phone, "value": setting.value}

    def _parse(self, name: str, value: object) -> Setting | None:
        fault = FAULTS.get(ALIASES.get(name, name))
        if fault is None:
            raise UnknownFault(f"There is no fault called {name!r}. There are: {', '.join(FAULTS)}.")
        phones: tuple[str, ...] = ()
        if isinstance(value, dict):
            phones = self._phones(name, fault, value)
            value = value.get("value", True)
        if value is None or value is False:
            return None
        if value is True:
            return Setting(fault.default, phones)
        if not isinstance(value, int | float) or value <= 0 or (fault.kind != "seconds" and value != int(value)):
            raise UnknownFault(f"{name} takes true, false or a positive number ({fault.kind}), not {value!r}.")
        return Setting(value, phones)

    @staticmethod
    def _phones(name: str, fault: Fault, value: dict) -> tuple[str, ...]:
        if not fault.by_phone or not set(value) <= {"phone", "value"} or "phone" not in value:
            raise UnknownFault(f"{name} cannot be set with {value!r}.")
        listed = value["phone"] if isinstance(value["phone"], list) else [value["phone"]]
        phones = tuple(kenya.normal_msisdn(str(phone)) for phone in listed)
        if not phones or None in phones:
            raise UnknownFault(f"{name} names a phone that is not a Kenyan mobile number: {value['phone']!r}.")
        return phones
