"""Reviews as everybody sees them: the reviewer by first name and initial, nothing else of the person."""

from __future__ import annotations

from typing import Any

from api.answers.media import addresses
from api.paging import Asked
from domain.reviews import average_of, public_name
from services.catalogue.reviews import Reviews


def review_page(found: Reviews, asked: Asked) -> dict[str, Any]:
    """One page of reviews under the summary of them all."""
    return asked.answer([_review(row) for row in found.page.rows], found.page) | {
        "summary": {
            "average": float(average_of(found.histogram)),
            "count": found.count,
            "histogram": {str(stars): votes for stars, votes in found.histogram.items()},
        }
    }


def _review(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "rating": row.rating,
        "comment": row.comment,
        "photos": addresses(row.photos),
        "reviewer": {"name": public_name(row.first_name, row.last_name)},
        "experience": {"id": row.listing_id, "slug": row.listing_slug, "title": row.listing_title},
        "response": {"text": row.response, "responded_at": row.responded_at} if row.response else None,
        "helpful_count": row.helpful_count,
        "submitted_at": row.submitted_at,
    }
