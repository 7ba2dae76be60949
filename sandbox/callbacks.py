"""What Daraja sends by itself after a prompt has ended: the STK callback and, where a fault asks for it, its C2B twin."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from sandbox import kenya
from sandbox.state import Prompt
from sandbox.timeline import wire

if TYPE_CHECKING:
    from sandbox.world import World


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Daraja posts to the address it was given and nowhere else."""


# Callbacks go straight to the address, whatever proxy the developer's shell has set.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def stk_payload(prompt: Prompt) -> dict:
    """The documented body with its quirks: Balance has no Value, date and phone are numbers, failures have no items."""
    callback: dict = {
        "MerchantRequestID": prompt.merchant_request_id,
        "CheckoutRequestID": prompt.checkout_request_id,
        "ResultCode": prompt.result_code,
        "ResultDesc": prompt.result_desc,
    }
    if prompt.state == "paid":
        callback["CallbackMetadata"] = {
            "Item": [
                {"Name": "Amount", "Value": float(prompt.charged or 0)},
                {"Name": "MpesaReceiptNumber", "Value": prompt.receipt},
                {"Name": "Balance"},
                {"Name": "TransactionDate", "Value": int(kenya.compact(prompt.resolved_at or kenya.now()))},
                {"Name": "PhoneNumber", "Value": int(prompt.msisdn)},
            ]
        }
    return {"Body": {"stkCallback": callback}}


def c2b_payload(prompt: Prompt) -> dict:
    """A C2B v2 confirmation of the same money: every value a string, the number masked."""
    buy_goods = prompt.transaction_type == "CustomerBuyGoodsOnline"
    return {
        "TransactionType": "Buy Goods" if buy_goods else "Pay Bill",
        "TransID": prompt.receipt,
        "TransTime": kenya.compact(prompt.resolved_at or kenya.now()),
        "TransAmount": f"{prompt.charged:.2f}",
        "BusinessShortCode": prompt.shortcode,
        "BillRefNumber": prompt.account_reference,
        "InvoiceNumber": "",
        "OrgAccountBalance": "",
        "ThirdPartyTransID": "",
        "MSISDN": f"{prompt.msisdn[:4]} ***** {prompt.msisdn[-3:]}",
        "FirstName": "WANJIKU",
        "MiddleName": "",
        "LastName": "",
    }


def announce(world: World, prompt: Prompt, *, at_once: bool = False) -> None:
    """Send the callback as the faults say; ``at_once`` returns only after it was delivered."""
    phone = prompt.msisdn
    delay = world.config.callback_seconds
    if late := world.faults.take("delay_callback", phone):
        delay = float(late)
        world.note("daraja", f"The callback waits {delay:g} s (delay_callback)", phone)
    copies = int(world.faults.take("duplicate_callback", phone) or 1)
    if world.faults.take("drop_callback", phone):
        copies = 0
        world.note("daraja", "The callback is lost (drop_callback)", phone)
    body = json.dumps(stk_payload(prompt), separators=(",", ":"))
    title = f"STK callback: {prompt.result_code} {prompt.result_desc}"
    for copy in range(copies):
        if at_once and copy == 0 and not late:
            post(world, prompt.callback_url, body, title, phone)
        else:
            gap = copy * world.config.copy_gap_seconds
            world.later(delay + gap, lambda: post(world, prompt.callback_url, body, title, phone))
    if prompt.state == "paid" and world.faults.take("c2b_twin", phone):
        _announce_twin(world, prompt, delay)


def _announce_twin(world: World, prompt: Prompt, delay: float) -> None:
    url = world.c2b_urls.get(prompt.shortcode)
    if not url:
        world.note("daraja", "No C2B twin: no ConfirmationURL is registered for the shortcode", prompt.msisdn)
        return
    body = json.dumps(c2b_payload(prompt), separators=(",", ":"))
    title = f"C2B confirmation of {prompt.receipt}"
    world.later(delay, lambda: post(world, url, body, title, prompt.msisdn))


def post(world: World, url: str, body: str, title: str, phone: str) -> None:
    """Deliver once, never again, and write down what came of it."""
    headers = {"Content-Type": "application/json", "User-Agent": "Daraja-Sandbox"}
    request = urllib.request.Request(url, body.encode(), headers, method="POST")
    started = time.perf_counter()
    status, error, answer = None, "", wire({}, "")
    try:
        with _opener.open(request, timeout=world.config.callback_timeout_seconds) as response:
            status, answer = response.status, wire(dict(response.headers), response.read(64_000))
    except urllib.error.HTTPError as refused:
        with refused:
            status, answer = refused.code, wire(dict(refused.headers), refused.read(64_000))
    except OSError as failure:
        error = f"Not delivered: {getattr(failure, 'reason', failure)}"
    world.timeline.add(
        "daraja",
        "out",
        title,
        method="POST",
        url=url,
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        error=error,
        phone=phone,
        request=wire(headers, body),
        response=answer,
    )
    world.touch()
