"""What is said after a link from a mail was followed or asked for; always in the same words, whoever asks."""

from __future__ import annotations

VERIFIED = {"message": "Your e-mail address is confirmed."}
VERIFICATION_SENT = {"message": "We have sent a new link to your e-mail address. It ends the one before."}
RESET_ASKED = {"message": "If there is an account with this e-mail address, a link for a new password is on its way."}
ACCOUNT_RESTORED = {"message": "Your account is back as it was. Sign in."}
PASSWORD_RESET = {"message": "Your password is changed, and every device is signed out. Sign in with the new one."}
