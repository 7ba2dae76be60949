"""What is known of whoever offers something, and what was said of it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.personal_data.kinds import ACCOUNTING, INNER, OTHERS, SECRET, SHELL, Personal, Side, Special, names

_HOST_OF = (("resource_id", "user_id"), ("listing_id", "host_id"))

TABLES: Mapping[str, Personal] = {
    "guides": Personal(
        sides=(
            Side(
                "guide_profile",
                (("user_id",),),
                names(
                    "id slug bio region languages specializations years_experience licence_number licence_expires_on"
                    " verified_at rating_average rating_count created_at"
                ),
                deletes=True,
            ),
        ),
        withholds={INNER: names("user_id version licence_warned_for licence_lapsed_for")},
    ),
    "licence_renewals": Personal(
        sides=(
            Side(
                "licences_sent",
                (("user_id",),),
                names("id number expires_on document_id state submitted_at decided_at reason created_at"),
                deletes=True,
            ),
        ),
        withholds={INNER: ("user_id",)},
    ),
    "guide_applications": Personal(
        sides=(
            Side(
                "guide_applications",
                (("user_id",),),
                names(
                    "id full_name email phone location languages experience_years bio social_emails facebook instagram twitter"
                    " tiktok youtube locale status reason reviewed_at licence_number licence_expires_on submitted_at confirmed_at"
                    " changed_at accepted_at created_at"
                ),
                deletes=True,
            ),
        ),
        withholds={SECRET: ("token_hash",), OTHERS: ("reviewer_id",), INNER: ("user_id",)},
    ),
    "guide_application_events": Personal(
        sides=(
            Side(
                "application_history",
                (("application_id", "user_id"),),
                names("id application_id verb from_status to_status at reason created_at"),
            ),
        ),
        # Nobody deletes a line of a history: it goes with the whole application, when that is erased.
        keeps={
            "deleted by the database together with its application": names(
                "id application_id verb from_status to_status at actor_id reason created_at"
            )
        },
        withholds={OTHERS: ("actor_id",)},
    ),
    "resources": Personal(
        sides=(Side("timetables", (("user_id",),), names("id kind timezone created_at")),),
        keeps={SHELL: names("id kind user_id timezone created_at")},
        withholds={INNER: ("user_id",)},
    ),
    "listings": Personal(
        sides=(
            Side(
                "experiences",
                (("host_id",),),
                names(
                    "id kind title slug summary description category location latitude longitude timezone price_minor currency"
                    " price_per tiers duration_minutes min_guests max_guests capacity is_private confirmation cut_off_hours"
                    " buffer_minutes inclusions exclusions meeting_point images cancellation_policy status published_at"
                    " hidden_from hidden_reason rating_average rating_count created_at"
                ),
                erases={
                    "slug": Special.ROW_ID,
                    "summary": "",
                    "description": "",
                    "latitude": None,
                    "longitude": None,
                    "inclusions": [],
                    "exclusions": [],
                    "meeting_point": "",
                    "images": [],
                    "hidden_reason": None,
                },
            ),
        ),
        keeps={
            "what tourists bought, by its title and price: " + ACCOUNTING: names(
                "id kind host_id resource_id title category location timezone price_minor currency price_per tiers"
                " duration_minutes min_guests max_guests capacity is_private confirmation cut_off_hours buffer_minutes"
                " cancellation_policy status published_at hidden_from rating_average rating_count version search created_at"
            )
        },
        withholds={INNER: names("host_id resource_id version search")},
    ),
    "listing_images": Personal(
        sides=(
            Side(
                "pictures_of_experiences",
                (("listing_id", "host_id"),),
                names("id listing_id position media_id key alt_text created_at"),
                deletes=True,
            ),
        ),
    ),
    "availability_calendar": Personal(
        sides=(
            Side(
                "exceptions_from_hours",
                _HOST_OF,
                names("id listing_id on_date until_on start_time end_time is_available note created_at"),
                deletes=True,
            ),
        ),
        withholds={INNER: ("resource_id",)},
    ),
    "schedule_rules": Personal(
        sides=(
            Side(
                "hours",
                _HOST_OF,
                names("id listing_id weekday start_time end_time valid_from valid_until created_at"),
                deletes=True,
            ),
        ),
        withholds={INNER: ("resource_id",)},
    ),
    "reviews": Personal(
        sides=(
            Side(
                "reviews",
                (("author_id",),),
                names(
                    "id booking_id listing_id rating comment photos status submitted_at response responded_at helpful_count"
                    " created_at"
                ),
                erases={"photos": []},
            ),
            Side(
                "reviews_as_guide",
                (("host_id",),),
                names("id listing_id rating comment submitted_at response responded_at"),
                only={"status": frozenset({"approved"})},
            ),
        ),
        keeps={
            "what travellers rely on; without a name nobody knows whose it is: GDPR Art. 17(3)(a)": names(
                "id booking_id listing_id host_id author_id rating comment status submitted_at response responded_at"
                " helpful_count created_at"
            )
        },
        withholds={OTHERS: names("host_id author_id")},
    ),
}
