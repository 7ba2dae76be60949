"""Every text as its tests see it: each kind in each language, told from the samples of ./elite gallery."""

import re

from domain.facts import AccountFacts, BookingFacts
from domain.notices import Channel
from ops.gallery import told

#: A refund is paid by a person, so no text may say how soon it comes.
PROMISED_TIME = re.compile(
    r"minute|hour|instant|immediate|right away|shortly|within|dakika|papo hapo|mara moja|sasa hivi|ndani ya",
    re.IGNORECASE,
)

LOCALES = ("en", "sw")
MAILS, TEXTS = list(told(Channel.EMAIL)), list(told(Channel.SMS))
BOOKING_TEXTS = [text for text in TEXTS if isinstance(text[2], BookingFacts)]
BOOKING_MAILS = [mail for mail in MAILS if isinstance(mail[2], BookingFacts)]
ACCOUNT_MAILS = [mail for mail in MAILS if isinstance(mail[2], AccountFacts)]
