"""What each payment gateway can do, in one table that rules read and gateways are tested against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.money import Money


@dataclass(frozen=True, slots=True)
class ChargeRange:
    """The amounts that a gateway charges in one currency. ``maximum`` is None where it names none."""

    smallest_unit: Money
    minimum: Money
    maximum: Money | None


@dataclass(frozen=True, slots=True)
class GatewayAbilities:
    """``keyed``: a charge carries a key, so that making the call again cannot charge twice.

    ``prompt_seconds``: for how long a charge may sit on the customer's phone unseen by us, 0 where nothing is prompted.
    ``cancellable``: an open charge can be withdrawn at the gateway. ``ranges`` is by currency.
    """

    ranges: Mapping[str, ChargeRange]
    keyed: bool
    partial_refunds: bool
    cancellable: bool
    prompt_seconds: int

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(self.ranges)


#: Safaricom's limit per transaction, in shillings; a tariff change is a change here.
_MPESA_MAXIMUM = 250_000

ABILITIES: Mapping[str, GatewayAbilities] = MappingProxyType(
    {
        "mpesa": GatewayAbilities(
            ranges=MappingProxyType(
                {
                    "KES": ChargeRange(
                        smallest_unit=Money.parse("1", "KES"),
                        minimum=Money.parse("1", "KES"),
                        maximum=Money.parse(str(_MPESA_MAXIMUM), "KES"),
                    )
                }
            ),
            keyed=False,
            # A Reversal gives back the whole; parts go out as B2C payments, which are not refunds of the charge.
            partial_refunds=False,
            cancellable=False,
            # Prompts live about a minute; the rest is the way there and back.
            prompt_seconds=90,
        ),
    }
)


class NotChargeable(ValueError):
    """A gateway cannot charge an amount. ``code`` is stable: currency_not_taken, below_minimum or above_maximum.

    ``limit`` is the amount that was not met, where there is one.
    """

    def __init__(self, code: str, message: str, limit: Money | None = None):
        super().__init__(message)
        self.code = code
        self.limit = limit


def chargeable(amount: Money, provider: str) -> Money:
    """What ``provider`` charges for ``amount``: rounded up to its smallest unit.

    Raises :class:`NotChargeable` for a currency it does not take or an amount outside its limits, KeyError for a
    provider that we do not have.
    """
    ranges = ABILITIES[provider].ranges
    if amount.currency not in ranges:
        raise NotChargeable(
            "currency_not_taken", f"{provider} charges in {', '.join(ranges)}, not in {amount.currency}"
        )
    allowed = ranges[amount.currency]
    unit = allowed.smallest_unit.minor
    charged = Money(-(-amount.minor // unit) * unit, amount.currency)
    if charged.minor < allowed.minimum.minor:
        raise NotChargeable("below_minimum", f"{provider} charges at least {allowed.minimum}", allowed.minimum)
    if allowed.maximum and charged.minor > allowed.maximum.minor:
        raise NotChargeable("above_maximum", f"{provider} charges at most {allowed.maximum} at once", allowed.maximum)
    return charged
