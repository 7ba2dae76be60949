"""What all requests have in common: both spellings of a field's name, and fields that refuse nonsense by name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from domain import phones, two_factor
from domain.names import UNFIT, unlinked

#: Years that a date of ours can be in; beyond them arithmetic with time zones overflows.
YEARS = range(2000, 2200)
_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
_MEASURE = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")


class Request(Schema):
    """What comes in. Declared fields may be spelled in camelCase or by a documented alias; unknown ones are refused."""

    #: Other spellings → the field.
    aliases: ClassVar[Mapping[str, str]] = {}

    class Meta:
        unknown = RAISE

    @pre_load
    def _spell(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        spellings = self.spellings
        found: dict[str, str] = {}
        twice: dict[str, list[str]] = {}
        for given in data:
            name = spellings.get(given, given)
            if name in found:
                twice[name] = [f"is given twice, as {found[name]} and as {given}"]
            found.setdefault(name, given)
        if twice:
            raise ValidationError(twice)
        return {name: data[given] for name, given in found.items()}

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every spelling that is taken → the field's own."""
        declared = [field.data_key or name for name, field in self.fields.items()]
        names = dict(zip(declared, declared, strict=True)) | dict(self.aliases)
        return {camel_case(spelling): name for spelling, name in names.items()} | names


class Query(Request):
    """A query string. Parameters that we do not know are ignored, and empty ones are as good as absent."""

    @pre_load
    def _spell(self, data: Any, **_: Any) -> Any:
        given = {name: value for name in data if (value := data[name]) != ""}
        return super()._spell(given)


class Answer(Schema):
    """What goes out, for the documentation and for tests: nothing but what is declared."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """Stripped text of bounded length without control characters; ``multiline`` allows line ends and tabs."""

    def __init__(self, *, longest: int, shortest: int = 1, multiline: bool = False, **kwargs: Any):
        super().__init__(validate=validate.Length(min=shortest, max=longest), **kwargs)
        self._allowed = "\n\r\t" if multiline else ""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        refuse_unwritable(text, self._allowed)
        return text


class Name(Text):
    """A person's name, without what would make an address or a link of it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if not UNFIT.isdisjoint(name):
            raise ValidationError("Must be a name, without / \\ : @ < > or marks of direction.")
        return unlinked(name)


class Secret(fields.String):
    """A password or token: taken exactly as it is, blanks included."""

    def __init__(self, *, longest: int, shortest: int = 1, **kwargs: Any):
        super().__init__(validate=validate.Length(min=shortest, max=longest), load_only=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        refuse_unwritable(text, "")
        return text


class Code(fields.String):
    """Six digits of an authenticator app, or a backup code; blanks and hyphens are left out."""

    def __init__(self, *, backup: bool = True, **kwargs: Any):
        super().__init__(load_only=True, **kwargs)
        self._backup = backup

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        code = two_factor.plain(super()._deserialize(value, attr, data, **kwargs))
        if two_factor.is_app_code(code) or (self._backup and two_factor.is_backup_code(code)):
            return code
        raise ValidationError("Must be the six digits of your app" + (", or a backup code." if self._backup else "."))


class Email(fields.Email):
    """An e-mail address of at most 254 characters, in lower case."""

    def __init__(self, **kwargs: Any):
        super().__init__(validate=validate.Length(max=254), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str):
            # One mailbox has one spelling: full-width letters are folded, invisible characters refused.
            value = unicodedata.normalize("NFKC", value).strip().lower()
            refuse_unwritable(value, "")
            if any(unicodedata.category(char) == "Cf" for char in value):
                raise ValidationError("Not a valid email address.")
        return super()._deserialize(value, attr, data, **kwargs)


class NewEmail(Email):
    """An e-mail address that we begin to write to: at a domain that the world can reach, unlike ``localhost``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        address = super()._deserialize(value, attr, data, **kwargs)
        if "." not in address.rpartition("@")[2]:
            raise ValidationError("Must end in a domain with a dot, such as example.com.")
        return address


class YesNo(fields.Boolean):
    """``true`` or ``false``, and nothing that merely resembles one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number within bounds, sent as one or as its digits."""

    def __init__(self, *, least: int, most: int, **kwargs: Any):
        super().__init__(validate=validate.Range(min=least, max=most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        return whole_number(value)


class Amount(fields.String):
    """An amount of money in major units with at most two decimals, as text or as a number; never a float inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        text = str(value).strip() if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
        if not _AMOUNT.fullmatch(text):
            raise ValidationError("Not an amount: use a number with at most two decimals, such as 2500 or 2500.00.")
        return Decimal(text)


class Rating(fields.String):
    """A number of stars from 0 to 5."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not re.fullmatch(r"[0-5](\.[0-9]{1,2})?", str(value)) or float(value) > 5:
            raise ValidationError("Must be from 0 to 5.")
        return float(value)


class Measure(fields.String):
    """A decimal within bounds, such as a degree or a kilometre; nothing that is spelled in another way."""

    def __init__(self, *, least: float, most: float, **kwargs: Any):
        super().__init__(**kwargs)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        text = value.strip() if isinstance(value, str) else ""
        if not _MEASURE.fullmatch(text) or not self._least <= float(text) <= self._most:
            raise ValidationError(
                f"Must be a number from {self._least:g} to {self._most:g}, such as {self._most / 8:g}."
            )
        # Zero is one place, however it is signed.
        return float(text) + 0.0


class Phone(fields.String):
    """A phone number however it is written, as E.164. ``mpesa`` takes only those that M-Pesa can charge."""

    def __init__(self, *, mpesa: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self._mpesa = mpesa

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        # Clients send what their form holds, and a form without a leading zero is a number in JSON.
        typed = str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**15 else value
        try:
            number = phones.normalise(super()._deserialize(typed, attr, data, **kwargs))
            if self._mpesa:
                phones.mpesa_msisdn(number)
        except ValueError as error:
            if isinstance(error, ValidationError):
                raise
            raise ValidationError(str(error)) from None
        return number


class Instant(fields.AwareDateTime):
    """An instant with its offset from UTC, such as 2026-12-05T09:00:00+03:00."""

    default_error_messages = {  # noqa: RUF012  (marshmallow collects it from the class)
        "invalid": "Not an instant: use ISO 8601 with an offset, such as 2026-12-05T09:00:00+03:00.",
        "invalid_awareness": "Needs an offset from UTC, such as 2026-12-05T09:00:00+03:00.",
    }

    def __init__(self, **kwargs: Any):
        super().__init__("iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        instant = super()._deserialize(value, attr, data, **kwargs)
        if instant.year not in YEARS:
            raise self.make_error("invalid", input=value, obj_type="instant")
        return instant.astimezone(UTC)


class Day(fields.Date):
    """A calendar date, such as 2026-12-05."""

    default_error_messages = {"invalid": "Not a date: use YYYY-MM-DD."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            raise self.make_error("invalid", input=value, obj_type="date")
        day = super()._deserialize(value.strip(), attr, data, **kwargs)
        if day.year not in YEARS:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class TimeOfDay(fields.Time):
    """A local time, such as 09:00."""

    default_error_messages = {"invalid": "Not a time of day: use HH:MM."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", value.strip()):
            raise self.make_error("invalid", input=value, obj_type="time")
        return super()._deserialize(value.strip(), attr, data, **kwargs)


def whole_number(value: Any) -> int:
    """A whole number from JSON or a query string; raises ValidationError for everything else, however large."""
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12:
        return value
    raise ValidationError("Not a valid integer.")


def refuse_unwritable(text: str, allowed: str) -> None:
    """Refuse control characters and half characters, which PostgreSQL or the next reader would trip over."""
    if any((ord(char) < 32 and char not in allowed) or ord(char) == 127 for char in text):
        raise ValidationError("Must not contain control characters.")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValidationError("Must be valid Unicode.")


def camel_case(name: str) -> str:
    """``firstName`` for ``first_name``."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
