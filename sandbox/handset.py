"""The customer's side of a payment: a prompt opens on a phone and ends in exactly one way."""

from __future__ import annotations

from datetime import timedelta

from sandbox import callbacks, kenya
from sandbox.state import Phone, Prompt, Sms
from sandbox.world import World

OUTCOMES = {
    0: "The service request is processed successfully.",
    1: "The balance is insufficient for the transaction.",
    2: "Declined due to limit rule: less than the minimum transaction amount.",
    3: "Declined due to limit rule: greater than the maximum transaction amount.",
    4: "Declined due to limit rule: would exceed daily transfer limit.",
    8: "Declined due to limit rule: would exceed the maximum balance.",
    17: "Rule limited.",
    26: "System busy. Traffic blocking condition in place.",
    1001: "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    1019: "Transaction has expired",
    1025: "An error occurred while sending a push request",
    1032: "Request cancelled by user",
    1037: "DS timeout user cannot be reached",
    2001: "The initiator information is invalid.",
    2028: "The request is not permitted according to product assignment",
    8006: "The security credential is locked.",
    9999: "An error occurred while sending a push request",
}


class NoOpenPrompt(Exception):
    """The phone shows no prompt that could be answered."""


def outcome_text(code: int) -> str:
    return OUTCOMES.get(code, "An unexpected outcome was reported.")


def subscriber_is_locked(world: World, msisdn: str) -> bool:
    """Whether a prompt that is not yet answered keeps the subscriber busy."""
    with world.records.lock:
        phone = world.records.phones.get(msisdn)
        prompt = phone.open_prompt() if phone else None
        if prompt is None:
            return False
        return kenya.now() < prompt.opened_at + timedelta(seconds=world.config.lock_seconds)


def rule_limited(world: World, prompt: Prompt) -> bool:
    """Whether this customer paid the same amount too short a time ago."""
    paid_at = world.records.paid_at.get((prompt.msisdn, prompt.amount))
    return paid_at is not None and kenya.now() < paid_at + timedelta(seconds=world.config.same_amount_seconds)


def ring(world: World, prompt: Prompt) -> None:
    """Let the accepted push take its course: on the screen, or refused without the customer seeing anything.

    The sources disagree on a prompt that nobody answers (1019, 1032 or 1037). Here each has one meaning: 1019 time ran
    out, 1032 the customer pressed Cancel, 1037 the phone could not be reached.
    """
    code = refused_unseen(world, prompt)
    if code is not None:
        prompt.reachable = False
        world.later(world.config.callback_seconds, lambda: end(world, prompt, "failed", code))
    elif world.faults.take("phone_off", prompt.msisdn):
        prompt.reachable = False
        world.later(world.config.phone_off_seconds, lambda: end(world, prompt, "failed", 1037))
    elif world.faults.take("cancel", prompt.msisdn):
        world.later(world.config.callback_seconds, lambda: end(world, prompt, "cancelled", 1032))
    else:
        world.later(world.config.prompt_seconds, lambda: end(world, prompt, "expired", 1019))
        if world.autopilot_seconds is not None:
            world.later(world.autopilot_seconds, lambda: answer_by_itself(world, prompt))


def refused_unseen(world: World, prompt: Prompt) -> int | None:
    """The ResultCode of a push that M-Pesa accepts but never shows."""
    config = world.config
    if prompt.transaction_type == "CustomerPayBillOnline":
        fits = prompt.party_b == prompt.shortcode
    else:
        fits = prompt.party_b == config.mpesa_till if config.mpesa_till else prompt.party_b != prompt.shortcode
    if not fits:
        return 2028
    return 17 if rule_limited(world, prompt) else None


def answer_by_itself(world: World, prompt: Prompt, *, at_once: bool = False) -> None:
    """The right PIN without anybody typing it."""
    if prompt.state == "open":
        prompt.reachable = True
        _decide(world, prompt, world.config.mpesa_pin, at_once=at_once)


def enter_pin(world: World, msisdn: str, pin: str) -> Prompt:
    """Type a PIN into the open prompt; raises NoOpenPrompt."""
    prompt = _answerable(world, msisdn)
    _decide(world, prompt, pin)
    return prompt


def cancel(world: World, msisdn: str) -> Prompt:
    """Press Cancel on the open prompt; raises NoOpenPrompt."""
    prompt = _answerable(world, msisdn)
    end(world, prompt, "cancelled", 1032)
    return prompt


def _answerable(world: World, msisdn: str) -> Prompt:
    with world.records.lock:
        phone: Phone | None = world.records.phones.get(msisdn)
        prompt = phone.open_prompt() if phone else None
    if prompt is None:
        raise NoOpenPrompt(f"There is no open prompt on {kenya.spoken(msisdn)}.")
    if not prompt.reachable:
        raise NoOpenPrompt(f"The prompt has not reached {kenya.spoken(msisdn)}.")
    return prompt


def _decide(world: World, prompt: Prompt, pin: str, *, at_once: bool = False) -> None:
    phone, faults = prompt.msisdn, world.faults
    if pin != world.config.mpesa_pin or faults.take("wrong_pin", phone):
        code = 2001
    elif faults.take("insufficient_funds", phone):
        code = 1
    elif faults.take("unknown_code", phone):
        code = 7777
    else:
        code = int(faults.take("result_code", phone) or 0)
    end(world, prompt, "failed" if code else "paid", code, at_once=at_once)


def end(world: World, prompt: Prompt, state: str, code: int, *, at_once: bool = False) -> None:
    """Give the prompt its one outcome, take the money where that is it, and announce it."""
    with world.records.lock:
        if prompt.state != "open":
            return
        prompt.state, prompt.result_code, prompt.result_desc = state, code, outcome_text(code)
        prompt.resolved_at = kenya.now()
        if state == "paid":
            _take_money(world, prompt)
    world.note("daraja", _story(prompt), prompt.msisdn)
    callbacks.announce(world, prompt, at_once=at_once)


def _take_money(world: World, prompt: Prompt) -> None:
    amount, moment = prompt.amount, prompt.resolved_at or kenya.now()
    wrong = world.faults.take("wrong_amount", prompt.msisdn)
    if wrong is not None:
        less = amount - 1 if amount > 1 else amount + 1
        amount = less if wrong is True else int(wrong)
    prompt.charged = amount
    prompt.receipt = world.records.add_charge(prompt, amount, moment)
    local = moment.astimezone(kenya.NAIROBI)
    text = (
        f"{prompt.receipt} Confirmed. Ksh{amount:,}.00 sent to {prompt.business} for account "
        f"{prompt.account_reference} on {local.day}/{local.month}/{local:%y} at {local:%I:%M %p}. "
        "Transaction cost, Ksh0.00."
    )
    at = kenya.iso(moment)
    world.records.add_sms(Sms(world.records.new_id("m"), prompt.msisdn, "MPESA", text, at, "mpesa"))


def _story(prompt: Prompt) -> str:
    who = kenya.spoken(prompt.msisdn)
    if prompt.state == "paid":
        return f"{who} paid {kenya.shillings(prompt.charged or 0)}, receipt {prompt.receipt}"
    if prompt.state == "cancelled":
        return f"{who} cancelled the prompt"
    if prompt.state == "expired":
        return f"The prompt on {who} expired unanswered"
    return f"The payment by {who} failed: {prompt.result_code} {prompt.result_desc}"
