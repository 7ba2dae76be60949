"""Settings of the stand-in, so that a test may shorten its minutes and a developer may change its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Config:
    """Credentials the stand-in accepts and how long its imitations take (all durations in seconds).

    Every field is read from ``SANDBOX_<FIELD>`` in the environment.
    """

    host: str = "127.0.0.1"
    port: int = 5050
    links: str = ""  # what the page also leads to: "Name=http://address, Other name=http://address"

    cdn_folder: str = ""  # whose files /cdn serves; empty: none
    cdn_origin: str = ""  # the bucket from which /cdn pulls what its folder has not; empty: none

    mpesa_consumer_key: str = "sandbox-consumer-key"
    mpesa_consumer_secret: str = "sandbox-consumer-secret"
    mpesa_shortcode: str = "174379"
    mpesa_passkey: str = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
    mpesa_till: str = ""  # empty: any till number but the shortcode itself
    mpesa_business: str = "Elite Events Kenya"  # the name Safaricom has on file for the shortcode
    mpesa_pin: str = "1234"

    sendgrid_api_key: str = "SG.sandbox-key"
    at_username: str = "sandbox"
    at_api_key: str = "atsk_sandbox-key"
    at_sender_id: str = ""  # empty: any well-formed sender is taken as registered

    google_client_ids: str = "elite-events-sandbox.apps.googleusercontent.com"  # comma list

    token_seconds: float = 3599
    prompt_seconds: float = 60
    lock_seconds: float = 60
    same_amount_seconds: float = 120
    callback_seconds: float = 0.3
    phone_off_seconds: float = 2
    callback_timeout_seconds: float = 10
    copy_gap_seconds: float = 0.25

    @property
    def named_links(self) -> list[tuple[str, str]]:
        """``links`` as names and addresses; whatever is not a web address is left out."""
        pairs = (part.strip().partition("=") for part in self.links.split(","))
        return [(name, address) for name, _, address in pairs if name and address.startswith(("http://", "https://"))]

    @property
    def client_ids(self) -> list[str]:
        return [part.strip() for part in self.google_client_ids.split(",") if part.strip()]

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Config:
        """Read the settings; raises ValueError naming every variable that is not a number but should be."""
        values, faults = {}, []
        for field in fields(cls):
            name = f"SANDBOX_{field.name.upper()}"
            if name not in environ:
                continue
            try:
                values[field.name] = {"str": str, "int": int, "float": float}[str(field.type)](environ[name])
            except ValueError:
                faults.append(f"{name} must be a number, not {environ[name]!r}")
        if faults:
            raise ValueError("; ".join(faults))
        return cls(**values)
