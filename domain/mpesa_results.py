"""What each M-Pesa result means for the payment and for the person who holds the phone."""

from __future__ import annotations

from dataclasses import dataclass, replace

LOCALES = ("en", "sw")


@dataclass(frozen=True, slots=True)
class ResultMeaning:
    """One result code in words.

    ``outcome`` is paid, failed, cancelled, expired, inconclusive (ask before believing it) or unknown (a person has to
    look, never paid). ``action`` is a stable word that clients act on. The messages tell what happened, what it means
    for the money and what to do; they never say whether seats are still held, because a code does not know.
    """

    code: str
    outcome: str
    action: str
    message_en: str
    message_sw: str
    retry_after_seconds: int | None = None


_PAUSES = {"wait_a_minute": 60, "wait_two_minutes": 120}


def _row(code: str, outcome: str, action: str, english: str, swahili: str) -> tuple[str, ResultMeaning]:
    return code, ResultMeaning(code, outcome, action, english, swahili, _PAUSES.get(action))


#: Daraja's own codes: of callbacks, of queries, and 1001 also of a push that found the subscriber busy.
_FROM_SAFARICOM = dict(
    (
        _row(
            "0",
            "paid",
            "none",
            "Your payment went through. Thank you.",
            "Malipo yako yamefika. Asante.",
        ),
        _row(
            "1",
            "failed",
            "top_up_and_retry",
            "Your M-Pesa balance was too low, so nothing was charged. Top up or use another number, then try again.",
            "Salio lako la M-Pesa halikutosha, kwa hiyo hukukatwa pesa. "
            "Weka pesa kwenye M-Pesa yako au tumia nambari nyingine, kisha jaribu tena.",
        ),
        _row(
            "2",
            "failed",
            "contact_us",
            "The amount is less than M-Pesa accepts, so nothing was charged. "
            "Please contact us and we will help you pay.",
            "Kiasi hiki ni kidogo kuliko kinachokubaliwa na M-Pesa, kwa hiyo hukukatwa pesa. "
            "Wasiliana nasi tukusaidie kulipa.",
        ),
        _row(
            "3",
            "failed",
            "contact_us",
            "The amount is more than M-Pesa allows in one payment, so nothing was charged. "
            "Please contact us and we will help you pay.",
            "Kiasi hiki kinazidi kinachoruhusiwa na M-Pesa kwa malipo ya mara moja, kwa hiyo hukukatwa pesa. "
            "Wasiliana nasi tukusaidie kulipa.",
        ),
        _row(
            "4",
            "failed",
            "retry_other_phone",
            "This number has reached its M-Pesa limit for today, so nothing was charged. "
            "Pay from another M-Pesa number.",
            "Nambari hii imefikia kikomo chake cha M-Pesa cha leo, kwa hiyo hukukatwa pesa. "
            "Lipa kwa nambari nyingine ya M-Pesa.",
        ),
        _row(
            "8",
            "failed",
            "contact_us",
            "We cannot take M-Pesa payments right now, and that is our fault, not yours. Nothing was charged. "
            "Please contact us.",
            "Kwa sasa hatuwezi kupokea malipo ya M-Pesa; tatizo ni letu, si lako. Hukukatwa pesa. "
            "Tafadhali wasiliana nasi.",
        ),
        _row(
            "17",
            "failed",
            "wait_two_minutes",
            "M-Pesa does not take the same amount twice within two minutes. This attempt charged nothing. "
            "Wait two minutes, then try again.",
            "M-Pesa haipokei kiasi kilekile mara mbili ndani ya dakika mbili. Mara hii hukukatwa pesa. "
            "Subiri dakika mbili, kisha jaribu tena.",
        ),
        _row(
            "26",
            "failed",
            "wait_a_minute",
            "M-Pesa is very busy right now, so nothing was charged. Wait a minute, then try again.",
            "M-Pesa ina shughuli nyingi kwa sasa, kwa hiyo hukukatwa pesa. Subiri dakika moja, kisha jaribu tena.",
        ),
        _row(
            "1001",
            "failed",
            "wait_a_minute",
            "M-Pesa is still busy with another request on your number. This attempt charged nothing. "
            "Wait a minute, then try again.",
            "M-Pesa bado inashughulikia ombi lingine kwenye nambari yako. Mara hii hukukatwa pesa. "
            "Subiri dakika moja, kisha jaribu tena.",
        ),
        _row(
            "1019",
            "expired",
            "retry",
            "The M-Pesa request ran out of time, so nothing was charged. Try again and enter your PIN when asked.",
            "Muda wa ombi la M-Pesa uliisha, kwa hiyo hukukatwa pesa. Jaribu tena na uweke PIN yako ukiombwa.",
        ),
        _row(
            "1032",
            "cancelled",
            "retry",
            "The M-Pesa request was cancelled or not answered on the phone, so nothing was charged. "
            "Try again when you are ready.",
            "Ombi la M-Pesa lilighairiwa au halikujibiwa kwenye simu, kwa hiyo hukukatwa pesa. "
            "Jaribu tena ukiwa tayari.",
        ),
        _row(
            "1037",
            "inconclusive",
            "retry",
            "Your phone was off or out of reach, so the M-Pesa request did not arrive and nothing was charged. "
            "Check your signal, then try again.",
            "Simu yako ilikuwa imezimwa au haikuwa na mtandao, kwa hiyo ombi la M-Pesa halikufika na hukukatwa pesa. "
            "Angalia mtandao, kisha jaribu tena.",
        ),
        _row(
            "2001",
            "failed",
            "retry",
            "The M-Pesa PIN was not right, so nothing was charged. Try again with care: "
            "several wrong PINs in a row lock your M-Pesa.",
            "PIN ya M-Pesa haikuwa sahihi, kwa hiyo hukukatwa pesa. Jaribu tena kwa makini: "
            "ukikosea PIN mara kadhaa, M-Pesa yako itafungwa.",
        ),
        _row(
            "8006",
            "failed",
            "contact_safaricom",
            "Your M-Pesa PIN is locked, so nothing was charged. Call Safaricom on 100 to unlock it, "
            "or pay from another number.",
            "PIN yako ya M-Pesa imefungwa, kwa hiyo hukukatwa pesa. Pigia Safaricom simu, nambari 100, "
            "ili ifunguliwe, au lipa kwa nambari nyingine.",
        ),
    )
)

_PROMPT_NOT_SENT = ResultMeaning(
    "1025",
    "failed",
    "retry",
    "M-Pesa could not send the request to your phone, so nothing was charged. Check that it is on, then try again.",
    "M-Pesa haikuweza kutuma ombi kwenye simu yako, kwa hiyo hukukatwa pesa. "
    "Hakikisha simu imewashwa, kisha jaribu tena.",
)
_OUR_FAULT = ResultMeaning(
    "2028",
    "failed",
    "contact_us",
    "Something is wrong on our side and M-Pesa turned the payment down. Nothing was charged. Please contact us.",
    "Kuna tatizo upande wetu, na M-Pesa imekataa malipo. Hukukatwa pesa. Tafadhali wasiliana nasi.",
)
_SYNONYMS = {
    "1025": _PROMPT_NOT_SENT,
    "9999": replace(_PROMPT_NOT_SENT, code="9999"),
    "2028": _OUR_FAULT,
    "SFC_IC0003": replace(_OUR_FAULT, code="SFC_IC0003"),
}

#: Our own words for what no result code of Safaricom's says.
_OUR_OWN = dict(
    (
        _row(
            "push_rejected",
            "failed",
            "retry_other_phone",
            "M-Pesa did not accept our request for this number, so nothing was charged. "
            "Check the number or use another one; if it happens again, contact us.",
            "M-Pesa haikukubali ombi letu kwa nambari hii, kwa hiyo hukukatwa pesa. "
            "Hakiki nambari au tumia nyingine; ikitokea tena, wasiliana nasi.",
        ),
        _row(
            "push_busy",
            "failed",
            "wait_a_minute",
            "M-Pesa was too busy to take our request, so nothing was charged. Wait a minute, then try again.",
            "M-Pesa ilizidiwa na haikuweza kupokea ombi letu, kwa hiyo hukukatwa pesa. "
            "Subiri dakika moja, kisha jaribu tena.",
        ),
        _row(
            "push_outcome_unknown",
            "inconclusive",
            "wait_two_minutes",
            "M-Pesa has not answered us yet. If a request appears on your phone, you can pay it. "
            "If none comes within two minutes, start again.",
            "M-Pesa bado haijatujibu. Ombi likitokea kwenye simu yako, unaweza kulipa. "
            "Lisipokuja ndani ya dakika mbili, anza upya.",
        ),
        _row(
            "amount_mismatch",
            "unknown",
            "none",
            "The amount M-Pesa reported is not the amount we asked for. We are checking and will write to you. "
            "Please do not pay again.",
            "Kiasi kilichoripotiwa na M-Pesa si kile tulichoomba. Tunakagua na tutakuandikia. Tafadhali usilipe tena.",
        ),
        _row(
            "superseded",
            "cancelled",
            "none",
            "This payment attempt was closed because you started a newer one or the booking ended. "
            "Should it still take money, we give it back.",
            "Jaribio hili la malipo limefungwa kwa sababu umeanza jingine au nafasi imefungwa. "
            "Ukikatwa pesa hata hivyo, tutakurudishia.",
        ),
        _row(
            "prompt_unanswered",
            "expired",
            "retry",
            "The M-Pesa request was not answered in time, so no payment was made. "
            "Try again and enter your PIN when asked.",
            "Ombi la M-Pesa halikujibiwa kwa wakati, kwa hiyo malipo hayakufanyika. "
            "Jaribu tena na uweke PIN yako ukiombwa.",
        ),
        _row(
            "contradiction",
            "unknown",
            "none",
            "M-Pesa has told us two different things about this payment. We are checking and will write to you. "
            "Please do not pay again.",
            "M-Pesa imetupa majibu mawili tofauti kuhusu malipo haya. Tunakagua na tutakuandikia. "
            "Tafadhali usilipe tena.",
        ),
        _row(
            "unconfirmed",
            "unknown",
            "none",
            "M-Pesa has not told us whether you paid. We are checking and will write to you. Please do not pay again.",
            "M-Pesa haijatuambia kama umelipa. Tunakagua na tutakuandikia. Tafadhali usilipe tena.",
        ),
    )
)

_UNKNOWN = ResultMeaning(
    "",
    "unknown",
    "none",
    "M-Pesa gave an answer that we do not know yet. We are checking and will write to you. Please do not pay again.",
    "M-Pesa imetupa jibu ambalo bado hatulijui. Tunakagua na tutakuandikia. Tafadhali usilipe tena.",
)

#: Every code that we know; all others are unknown and wait for a person.
MEANINGS: dict[str, ResultMeaning] = _FROM_SAFARICOM | _SYNONYMS | _OUR_OWN


def meaning(code: str) -> ResultMeaning:
    """What ``code`` means; a code that nobody documented gets outcome ``unknown``, which is never paid."""
    code = code.strip()
    return MEANINGS.get(code) or replace(_UNKNOWN, code=code)


def message(code: str, locale: str) -> str:
    """The customer's message for ``code`` in ``en`` or ``sw``; raises ValueError for any other locale."""
    if locale not in LOCALES:
        raise ValueError(f"no texts in locale {locale!r}")
    known = meaning(code)
    return known.message_sw if locale == "sw" else known.message_en
