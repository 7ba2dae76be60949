"""What is said when a code by SMS was asked for; in the same words, whoever else may have the number."""

from __future__ import annotations

CODE_SENT = {"message": "We are sending you a code by SMS. It ends the one before, and works for ten minutes."}
