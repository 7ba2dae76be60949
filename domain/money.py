"""Amounts of money: whole minor units and a currency, never floats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, Inexact, InvalidOperation

#: Digits after the point, for the currencies in which we price.
EXPONENTS = {"KES": 2, "USD": 2, "EUR": 2, "GBP": 2, "UGX": 0, "TZS": 2}
#: Amounts are kept in BIGINT columns.
LARGEST_MINOR = 2**63 - 1
#: Complains where digits would be lost, which Python's default silently rounds away after the 28th.
_EXACT = Context(prec=64, traps=[InvalidOperation, Inexact])


class CurrencyMismatch(ValueError):
    """Two amounts in different currencies were combined."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """``minor`` units (cents) of ``currency`` (ISO 4217)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}")
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError("minor units are whole numbers")

    @classmethod
    def parse(cls, amount: str | Decimal, currency: str) -> Money:
        """From a decimal amount in major units.

        Raises ValueError for what is no amount, for unknown currencies and for more decimals than the currency has.
        """
        if currency not in EXPONENTS:
            raise ValueError(f"unknown currency {currency!r}")
        try:
            scaled = _EXACT.create_decimal(amount).scaleb(EXPONENTS[currency], _EXACT)
        except DecimalException:
            raise ValueError("not an amount of money") from None
        if not scaled.is_finite() or abs(scaled) > LARGEST_MINOR:
            raise ValueError("not an amount of money")
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{amount} has more decimals than {currency}")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> str:
        """The amount in major units as on the wire: ``2500.00``."""
        exponent = EXPONENTS[self.currency]
        if not exponent:
            return str(self.minor)
        whole, part = divmod(abs(self.minor), 10**exponent)
        return f"{'-' if self.minor < 0 else ''}{whole}.{part:0{exponent}d}"

    def __str__(self) -> str:
        """For people: ``KES 2,500`` or ``USD 19.50``."""
        exponent = EXPONENTS[self.currency]
        value = Decimal(self.minor).scaleb(-exponent)
        digits = 0 if value == value.to_integral_value() else exponent
        return f"{self.currency} {value:,.{digits}f}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def percent(self, rate: Decimal | int) -> Money:
        """``rate`` per cent of the amount, halves rounded up."""
        minor = (Decimal(self.minor) * rate / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(int(minor), self.currency)

    def whole_units_up(self) -> Money:
        """Rounded up to whole major units, as M-Pesa charges shillings."""
        unit = 10 ** EXPONENTS[self.currency]
        return Money(-(-self.minor // unit) * unit, self.currency)
