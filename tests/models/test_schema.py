"""The tables as PostgreSQL has them: names by convention, vocabularies of the domain, instants with a zone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from domain.applications import ApplicationState, ApplicationVerb, Milestone, Part
from domain.bookings import BookingState, BookingVerb
from domain.cancellation import CancellationPolicy
from domain.devices import Platform
from domain.exports import ExportState
from domain.identities import Provider
from domain.licences import RenewalState
from domain.listings import Category, Confirmation, ListingKind, ListingStatus, ResourceKind
from domain.media import MediaKind, MediaState, Refusal
from domain.notices import ChangeKind, NoticeKind
from domain.one_time import Purpose
from domain.payments import Evidence, PaymentState
from domain.pricing import LineKind, PricePer
from domain.reviews import ReviewStatus
from domain.users import LOCALES, MAY_SIGN_IN, Role, UserStatus
from models import Attention, DeliveryState, ReceivableState, RefundReason, RefundState
from models.bookings import ReceivablePurpose
from models.search import FoundKind

VOCABULARIES = {
    "ck_data_exports_state_known": ExportState,
    "ck_booking_events_verb_known": BookingVerb,
    "ck_bookings_confirmation_known": Confirmation,
    "ck_bookings_status_known": BookingState,
    "ck_deliveries_locale_known": LOCALES,
    "ck_deliveries_state_known": DeliveryState,
    "ck_identities_provider_known": Provider,
    "ck_identity_keys_provider_known": Provider,
    "ck_licence_renewals_state_known": RenewalState,
    "ck_line_items_kind_known": LineKind,
    "ck_device_tokens_platform_known": Platform,
    "ck_guide_application_events_verb_known": {*ApplicationVerb, *Milestone},
    "ck_guide_applications_locale_known": LOCALES,
    "ck_guide_applications_status_known": ApplicationState,
    "ck_listings_cancellation_policy_known": CancellationPolicy,
    "ck_listings_category_known": Category,
    "ck_listings_confirmation_known": Confirmation,
    "ck_listings_hidden_from_known": ListingStatus,
    "ck_listings_kind_known": ListingKind,
    "ck_listings_price_per_known": PricePer,
    "ck_listings_status_known": ListingStatus,
    "ck_media_application_part_known": Part,
    "ck_media_kind_known": MediaKind,
    "ck_media_refusal_known": Refusal,
    "ck_media_state_known": MediaState,
    "ck_notifications_kind_known": {*NoticeKind, *ChangeKind},
    "ck_one_time_tokens_purpose_known": Purpose,
    "ck_payment_events_evidence_known": Evidence,
    "ck_payments_attention_known": Attention,
    "ck_payments_state_known": PaymentState,
    "ck_receivables_purpose_known": ReceivablePurpose,
    "ck_receivables_state_known": ReceivableState,
    "ck_refunds_reason_known": RefundReason,
    "ck_refunds_state_known": RefundState,
    "ck_resources_kind_known": ResourceKind,
    "ck_reviews_status_known": ReviewStatus,
    "ck_search_documents_kind_known": FoundKind,
    "ck_users_locale_known": LOCALES,
    "ck_users_roles_known": Role,
    "ck_users_status_known": UserStatus,
    "ck_users_suspended_from_known": MAY_SIGN_IN,
}

_CONSTRAINTS = """
    SELECT c.conname AS name, c.contype AS kind, t.relname AS table, r.relname AS referred,
           pg_get_constraintdef(c.oid) AS definition,
           (SELECT coalesce(string_agg(a.attname, '_' ORDER BY k.position), '')
            FROM unnest(c.conkey) WITH ORDINALITY k(number, position)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid LEFT JOIN pg_class r ON r.oid = c.confrelid
    WHERE c.connamespace = 'public'::regnamespace AND t.relname <> 'alembic_version'
"""
#: Besides these, PostgreSQL 18 lists each NOT NULL as a constraint of its own.
_NAMED = {
    "p": r"pk_{table}",
    "u": r"uq_{table}_{columns}",
    "f": r"fk_{table}_{columns}_{referred}",
    "c": r"ck_{table}_[a-z0-9_]+",
    "x": r"ex_{table}_[a-z0-9_]+",
}


@pytest.fixture
def rows(db):
    """The answer to a question about the catalogue."""

    def ask(query):
        with db.reading() as session:
            return session.execute(text(query)).all()

    return ask


def test_each_vocabulary_of_the_database_is_the_domains(rows):
    checks = {row.name: row.definition for row in rows(_CONSTRAINTS) if row.name.endswith("_known")}
    assert {name: set(re.findall(r"'([^']*)'", definition)) for name, definition in checks.items()} == {
        name: set(vocabulary) for name, vocabulary in VOCABULARIES.items()
    }


def test_every_constraint_is_named_by_convention(rows):
    for row in rows(_CONSTRAINTS):
        if row.kind in _NAMED:
            pattern = _NAMED[row.kind].format(table=row.table, columns=row.columns, referred=row.referred)
            assert re.fullmatch(pattern, row.name), f"{row.name} should be {pattern}"


def test_every_index_is_named_by_convention_and_unique_ones_say_so(rows):
    query = """
        SELECT i.relname AS name, t.relname AS table, x.indisunique AS is_unique
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
        WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> 'alembic_version'
    """
    for row in rows(query):
        prefixes = ("pk", "uq") if row.is_unique else ("ix", "ex")
        assert row.name.startswith(tuple(f"{prefix}_{row.table}" for prefix in prefixes)), row.name


def test_every_foreign_key_to_a_row_that_can_be_locked_is_checked_at_once(rows):
    query = "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND condeferrable"
    assert rows(query) == []


def test_instants_have_a_zone_dates_do_not_and_amounts_are_whole(rows):
    columns = rows("""
        SELECT table_name, column_name, data_type, udt_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """)
    assert columns
    for table, column, kind, element in columns:
        where = f"{table}.{column} is {kind}"
        assert kind not in ("timestamp without time zone", "real", "double precision", "USER-DEFINED") or (
            element == "citext"
        ), where
        assert element != "_timestamp", where
        if column.endswith("_at") or column in ("at", "bucket"):
            assert kind == "timestamp with time zone", where
        if column.endswith("_on"):
            assert kind == "date", where
        if column.endswith("_minor"):
            assert kind == "bigint", where


def test_there_are_no_enum_types(rows):
    assert rows("SELECT typname FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace") == []


def test_every_foreign_key_that_rows_are_found_by_has_an_index(rows):
    query = """
        SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT 1 FROM pg_index x WHERE x.indrelid = c.conrelid AND x.indkey[0] = c.conkey[1])
    """
    #: Written for the record, never searched by; their parents are never deleted.
    unsearched = {"actor_id", "payer_id", "requested_by", "reviewer_id", "listing_id", "resource_id"}
    assert {column for _, column in rows(query)} <= unsearched
