"""How much is offered at which price, kept by a trigger of listings, so that nobody has to count it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ListingCount(Base):
    """So many more live experiences of a category, in a currency and in a step of price; fewer where it is negative. Whoever
    changes a listing adds a row and waits for nobody; a job sums the rows of a step up."""

    __tablename__ = "listing_counts"
    __table_args__ = (Index(None, "category", "currency", "price_step", postgresql_include=["listings"]),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    category: Mapped[str]
    currency: Mapped[str]
    #: The least price of the step, as :mod:`domain.price_steps` has it.
    price_step: Mapped[int] = mapped_column(BigInteger)
    listings: Mapped[int]
