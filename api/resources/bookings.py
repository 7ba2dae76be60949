"""Holding seats, looking at one's bookings, and giving them up."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from api.answers import answer
from api.answers import bookings as answers
from api.auth import PublicView, SignedInView
from api.context import context
from api.edge import edge
from api.examples import bookings as examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, REPLAYED, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.schemas.bookings import (
    BookingAnswer,
    BookingPage,
    BookingRequest,
    BookingsQuery,
    CancellationQuoteAnswer,
    CancelRequest,
    QuoteAnswer,
    QuoteRequest,
)
from domain.clocks import local_instant
from domain.errors import field_error
from models.bookings import Booking
from models.catalogue import Listing
from services.bookings import cancelling, reserving
from services.bookings.details import details_of, settling_payment
from services.bookings.reserving import Wish
from services.catalogue.experiences import get_live_listing
from services.context import Context

blueprint = Blueprint("bookings", __name__, url_prefix="/api/bookings", description="Seats and who holds them")

_UNKNOWN = {404: ("booking_not_found", "There is no such booking.")}
_NO_EXPERIENCE = {404: ("experience_not_found", "There is no such experience.")}
_NOT_BOOKABLE = {
    409: (
        ("seats_sold_out", "You asked for 2, but only 1 seat is left at this time.", {"seats_free": 1}),
        ("already_held", "You already hold seats at this time.", {"booking_id": examples.BOOKING["id"]}),
        (
            "too_many_holds",
            "You already hold seats 3 times. Pay for or cancel one of them first.",
            {"booking_ids": [examples.BOOKING["id"]]},
        ),
    )
}
_OVER = {409: ("booking_not_cancellable", "The booking is completed.")}


@blueprint.route("")
class Bookings(SignedInView):
    @operation("createBooking", "Hold seats", refusals=_NO_EXPERIENCE | _NOT_BOOKABLE, parameters=(IDEMPOTENCY_KEY,))
    @blueprint.arguments(BookingRequest, example=examples.BOOKING_REQUEST)
    @blueprint.response(
        201, BookingAnswer, example=examples.BOOKING, headers={"Location": LOCATION, "Idempotent-Replayed": REPLAYED}
    )
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with once(ctx) as effect:
            if effect.resource_id is None:
                listing, wish = _wish(effect.session, ctx, body)
                booking = reserving.create_booking(effect.session, ctx, wish, listing)
                effect.complete(booking.id, 201, f"/api/bookings/{booking.id}")
            shown = _shown(effect.session, ctx, effect.resource_id)
        return answer(shown, 201, effect.headers | {"Location": f"/api/bookings/{effect.resource_id}"})

    @operation("listBookings", "List one's bookings, as tourist or as guide")
    @blueprint.arguments(BookingsQuery, location="query")
    @blueprint.response(200, BookingPage, example=examples.BOOKINGS)
    def get(self, query: dict[str, Any]) -> Response:
        ctx = context()
        asked = Asked(query, "bookings", ctx.actor.user_id)
        statuses = query["status"].split(",") if "status" in query else []
        chosen = {"role": query["role"], "statuses": statuses, "when": query.get("when")}
        with edge().db.reading() as session:
            found = reserving.bookings_of(session, ctx, asked.window, **chosen)
            items = [answers.booking_answer(details) for details in details_of(session, ctx, found.rows)]
        return answer(asked.answer(items, found))


@blueprint.route("/quote")
class Quote(PublicView):
    limited_by = "limit_public_reads"

    @operation("quoteBooking", "Ask for a price that holds for 15 minutes", refusals=_NO_EXPERIENCE)
    @blueprint.arguments(QuoteRequest, example=examples.QUOTE_REQUEST)
    @blueprint.response(200, QuoteAnswer, example=examples.QUOTE)
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with edge().db.reading() as session:
            listing, wish = _wish(session, ctx, body)
            price = reserving.quote(session, ctx, listing, wish)
            quote, expires_at = edge().quotes.sign(wish, price.lines, ctx.now(session))
        return answer(answers.quote_answer(listing, wish, price, quote, expires_at))


@blueprint.route("/<uuid:booking_id>")
class BookingById(SignedInView):
    @operation("getBooking", "Read one of one's bookings", refusals=_UNKNOWN)
    @blueprint.response(200, BookingAnswer, example=examples.BOOKING)
    def get(self, booking_id: uuid.UUID) -> Response:
        with edge().db.reading() as session:
            return answer(_shown(session, context(), booking_id))


@blueprint.route("/<uuid:booking_id>/cancellation-quote")
class CancellationQuote(SignedInView):
    @operation("quoteCancellation", "Ask what cancelling now would give back", refusals=_UNKNOWN | _OVER)
    @blueprint.response(200, CancellationQuoteAnswer, example=examples.CANCELLATION_QUOTE)
    def get(self, booking_id: uuid.UUID) -> Response:
        ctx = context()
        with edge().db.reading() as session:
            booking = reserving.find_booking(session, ctx, booking_id)
            quote = cancelling.quote_cancellation(session, ctx, booking, settling_payment(session, booking.id))
            return answer(answers.cancellation_answer(booking, quote))


@blueprint.route("/<uuid:booking_id>/cancel")
class Cancel(SignedInView):
    @operation(
        "cancelBooking",
        "Give up a booking; a second time changes nothing",
        refusals=_UNKNOWN | _OVER,
    )
    @blueprint.arguments(CancelRequest, example=examples.CANCEL, required=False)
    @blueprint.response(200, BookingAnswer, example=examples.CANCELLED)
    def put(self, body: dict[str, Any], booking_id: uuid.UUID) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            reserving.find_booking(session, ctx, booking_id)
            cancelling.cancel_booking(session, ctx, booking_id, body["reason"] or None)
            session.flush()
            shown = _shown(session, ctx, booking_id)
        return answer(shown)


def _shown(session: Session, ctx: Context, booking_id: uuid.UUID | None) -> dict[str, Any]:
    booking: Booking = reserving.find_booking(session, ctx, booking_id)
    (details,) = details_of(session, ctx, [booking])
    return answers.booking_answer(details)


def _wish(session: Session, ctx: Context, body: dict[str, Any]) -> tuple[Listing, Wish]:
    """The listing and what is wanted of it, with a local time made an instant and a quote's price where one came along."""
    listing = get_live_listing(session, body["experience_id"])
    starts_at = body["starts_at"]
    if starts_at is None:
        try:
            starts_at = local_instant(body["date"], body["time"], listing.zone)
        except ValueError as error:
            raise field_error("time", str(error)) from error
    wish = Wish(listing.id, starts_at, body["guests"], body["currency"], body.get("special_requests") or None)
    quote = body.get("quote")
    return listing, wish if quote is None else edge().quotes.honour(quote, wish, ctx.now(session))
