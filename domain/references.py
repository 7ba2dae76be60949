"""Short references that people can read aloud and that fit into an M-Pesa prompt."""

from __future__ import annotations

#: Without letters and digits that are mistaken for one another.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 7
#: How many numbers :func:`reference` tells apart.
SPACE = len(ALPHABET) ** CODE_LENGTH
#: M-Pesa's AccountReference holds twelve characters: a reference, a hyphen and an attempt of up to three digits.
ACCOUNT_REFERENCE_LENGTH = 12


def reference(kind: str, number: int) -> str:
    """``B7K2M9QX`` for kind ``B``; ``number`` is drawn at random below :data:`SPACE`."""
    if len(kind) != 1 or not 0 <= number < SPACE:
        raise ValueError("a reference has a kind of one letter and a number inside the space")
    code = ""
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        code = ALPHABET[digit] + code
    return kind + code


def account_reference(booking_reference: str, attempt: int) -> str:
    """What M-Pesa shows in the prompt and reports back: booking reference and attempt."""
    text = f"{booking_reference}-{attempt}"
    if len(text) > ACCOUNT_REFERENCE_LENGTH:
        raise ValueError("reference and attempt are longer than M-Pesa's twelve characters")
    return text
