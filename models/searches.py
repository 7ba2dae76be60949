"""What is looked at and searched for: counted by day without anybody's name, and one's own searches."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Instant


class ViewCount(Base):
    """How often an experience was looked at on a day in Kenya."""

    __tablename__ = "view_counts"

    listing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    viewed_on: Mapped[date] = mapped_column(primary_key=True)
    view_count: Mapped[int]


class SearchQuery(Base):
    """From how many addresses something was searched for, and found, on a day in Kenya."""

    __tablename__ = "search_queries"

    searched_on: Mapped[date] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(primary_key=True)
    searcher_count: Mapped[int]


class PopularSearch(Base):
    """What many search for: words of what can be found, and nothing else. Written anew by a job."""

    __tablename__ = "popular_searches"

    query: Mapped[str] = mapped_column(primary_key=True)
    searcher_count: Mapped[int]


class OwnSearch(Base):
    """What a user searched for last, once each."""

    __tablename__ = "search_history"
    __table_args__ = (Index(None, "user_id", "searched_at"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    query: Mapped[str] = mapped_column(primary_key=True)
    searched_at: Mapped[Instant]
