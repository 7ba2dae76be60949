"""Which client speaks for which gateway, by the name that payments carry."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from providers.payments.mpesa import MpesaClient

GATEWAYS: Mapping[str, type] = MappingProxyType({"mpesa": MpesaClient})
