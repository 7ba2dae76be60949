"""Bookings of the last nine months: who came, what was paid, and what they said of it afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from domain.bookings import BookingState, BookingVerb
from domain.listings import Category, Confirmation
from domain.pricing import DEFAULT_TIER
from domain.reviews import ReviewStatus
from models import Listing, Review, User
from models.bookings import ReceivableState
from ops.seed.booking_rows import Ledger, Story, fulfil_verb
from ops.seed.calendar import Calendar
from ops.seed.ids import dated_id
from ops.seed.shapes import Experience
from ops.seed.words.answers import EXPLANATIONS, THANKS
from ops.seed.words.english import ANY, OF_KIND
from ops.seed.words.tongues import IN_TONGUE, TURNED_DOWN

DAYS_BACK = 275
#: Everybody has had this long to write before today.
_DAYS_TO_WRITE = 9
_WEEKDAYS = (0.6, 0.55, 0.6, 0.65, 0.8, 1.0, 0.95)
#: The great migration and Christmas are full, the long rains are quiet.
_MONTHS = (0.85, 0.8, 0.7, 0.4, 0.45, 0.7, 1.0, 1.0, 0.8, 0.7, 0.6, 1.0)
_WISHES = (
    None,
    None,
    None,
    None,
    None,
    "One of us is vegetarian.",
    "We have a four-year-old with us.",
    "It is our wedding day's anniversary.",
    "Nut allergy, please.",
    "Could we start slowly? I have a bad knee.",
)


class Past:
    """Plans the past of one experience after the other; nobody is in two places on one day."""

    def __init__(self, ledger: Ledger, calendar: Calendar, travellers: Sequence[tuple[User, str]]):
        self._ledger = ledger
        self._calendar = calendar
        self._travellers = travellers
        self._busy: set[tuple[object, date]] = set()
        self._said: dict[object, set[str]] = defaultdict(set)
        self._uses: Counter[str] = Counter()

    def add(self, experience: Experience, listing: Listing, regulars: Sequence[tuple[User, str]] = ()) -> None:
        """As many approved reviews as the experience wishes for, and some bookings that nobody wrote about.

        ``regulars`` are among those who came, one booking each.
        """
        average, votes = experience.rating
        if not votes:
            return
        random = Random(f"{experience.slug}/{self._calendar.today}")
        silent = round(votes * 0.12 + random.random() * 0.9)
        ratings = _ratings(random, Decimal(average), votes) + [0] * silent
        random.shuffle(ratings)
        for number, stars in enumerate(ratings):
            who = regulars[number] if number < len(regulars) else random.choice(self._travellers)
            story = self._story(random, experience, listing, number, who[0])
            if story:
                self._complete(random, story, stars, experience.category, who[1])

    def _story(
        self, random: Random, experience: Experience, listing: Listing, number: int, customer: User
    ) -> Story | None:
        for _ in range(200):
            day = self._calendar.today - timedelta(days=random.randint(_DAYS_TO_WRITE, DAYS_BACK))
            if random.random() > _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] or (customer.id, day) in self._busy:
                continue
            starts = self._calendar.starts(listing, day)
            guests = party(random, listing)
            seats = self._ledger.seats(listing, guests)
            start = random.choice(starts) if starts else None
            slot = self._calendar.slot(listing, start) if start else None
            if start is None or slot is None or slot.seats_free < seats:
                continue
            self._busy.add((customer.id, day))
            run = self._calendar.take(listing, start, seats)
            before = timedelta(hours=listing.cut_off_hours + 1, minutes=random.randint(0, 60 * 24 * 24))
            name = f"{experience.slug}/past/{number}"
            return Story(name, run, customer, guests, start - before, BookingState.COMPLETED, random.choice(_WISHES))
        return None

    def _complete(self, random: Random, story: Story, stars: int, category: Category, tongue: str) -> None:
        ledger = self._ledger
        booking_id = ledger.tell(story)
        receivable_id = ledger.owe(story, booking_id, ReceivableState.SETTLED)
        _, paid_at = ledger.pay(story, receivable_id, random)
        ledger.settle(paid_at)
        confirm(ledger, story, booking_id, paid_at, random)
        host, ends = story.run.listing.host_id, story.run.ends_at
        done_at = ends + timedelta(minutes=random.randint(10, 600))
        ledger.happen(booking_id, BookingState.CONFIRMED, BookingVerb.COMPLETE, done_at, host)
        status = ReviewStatus.APPROVED
        if not stars:
            if random.random() < 0.66:
                return
            stars, status = 4, random.choice((ReviewStatus.PENDING, ReviewStatus.REJECTED))
        written = done_at + timedelta(minutes=random.randint(60, 60 * 24 * 6))
        words = self._words(random, host, category, stars, tongue)
        is_answered = status is ReviewStatus.APPROVED and random.random() < (0.24 if stars > 3 else 0.7)
        ledger.add(
            Review,
            id=dated_id("review", story.name, written),
            booking_id=booking_id,
            listing_id=story.run.listing.id,
            host_id=host,
            author_id=story.customer.id,
            rating=stars,
            comment=random.choice(TURNED_DOWN) if status is ReviewStatus.REJECTED else words,
            status=status.value,
            submitted_at=written,
            response=random.choice(THANKS if stars > 3 else EXPLANATIONS) if is_answered else None,
            responded_at=written + timedelta(hours=random.randint(2, 40)) if is_answered else None,
            helpful_count=max(0, int(random.gauss(1.2, 2.2))) if status is ReviewStatus.APPROVED else 0,
        )

    def _words(self, random: Random, host: object, category: Category, stars: int, tongue: str) -> str:
        """The comment that this guide's page does not have yet and that was used least elsewhere."""
        choices = [*ANY[stars], *OF_KIND[category].get(stars, ())]
        if tongue in IN_TONGUE and stars in IN_TONGUE[tongue] and random.random() < 0.75:
            choices = list(IN_TONGUE[tongue][stars])
        random.shuffle(choices)
        words = min(choices, key=lambda each: (each in self._said[host], self._uses[each]))
        self._said[host].add(words)
        self._uses[words] += 1
        return words


def party(random: Random, listing: Listing) -> dict[str, int]:
    """Who comes along: mostly two, sometimes alone or a family, within what the listing takes."""
    size = random.choices((1, 2, 3, 4, 5, 6), (22, 46, 12, 12, 4, 4))[0]
    size = max(listing.min_guests, min(size, listing.max_guests))
    has_child = len(listing.tiers) > 1 and size > 2 and random.random() < 0.5
    return {DEFAULT_TIER: size - 1, "child": 1} if has_child else {DEFAULT_TIER: size}


def confirm(ledger: Ledger, story: Story, booking_id: object, paid_at: datetime, random: Random) -> None:
    """Money made it confirmed, or made the guide say yes some hours later."""
    state = ledger.happen(booking_id, BookingState.PENDING, fulfil_verb(story), paid_at, None)
    if story.run.listing.confirmation == Confirmation.MANUAL:
        answered = paid_at + timedelta(minutes=random.randint(4, 50))
        ledger.happen(booking_id, state, BookingVerb.CONFIRM, answered, story.run.listing.host_id)


def _ratings(random: Random, average: Decimal, votes: int) -> list[int]:
    """So many ratings of one to five whose mean is as near to ``average`` as whole stars allow."""
    missing = 5 * votes - round(average * votes)
    ratings = [5] * votes
    while missing > 0:
        index = random.randrange(votes)
        step = min(missing, random.choices((1, 2, 3), (80, 15, 5))[0], ratings[index] - 1)
        if ratings[index] == 5 or random.random() < 0.15:
            ratings[index] -= step
            missing -= step
    return ratings
