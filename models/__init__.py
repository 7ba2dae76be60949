"""Tables and constraints, and the verbs that change one row; importing this package knows them all."""

from models.applications import ApplicationIntake, GuideApplication, GuideApplicationEvent
from models.audit import AuditLink, UnchainedEntry
from models.base import Base
from models.bookings import Booking, BookingEvent, LineItem, Receivable, ReceivableState
from models.catalogue import AvailabilityException, Guide, Listing, Resource, ScheduleRule
from models.clock import Clock
from models.conversations import Conversation, Message
from models.departures import Departure
from models.devices import DeviceToken
from models.exports import DataExport
from models.identities import ExternalIdentity, IdentityKey, UsedIdentityToken
from models.inbox import WebhookEvent
from models.jobs import Job
from models.licences import LicenceRenewal
from models.listing_counts import ListingCount
from models.listing_images import ListingImage
from models.media import Media
from models.messages import Delivery, DeliveryState, Notification, NotificationPreference
from models.one_time_tokens import OneTimeToken
from models.operations import AuditEntry, Heartbeat, IdempotencyKey, PeriodicRun, ProviderToken, RateLimit
from models.payments import Attention, Payment, PaymentEvent, Refund, RefundReason, RefundState
from models.reviews import Review
from models.search import CountedDocument, SearchDocument, SearchWord, UncountedDocument
from models.searches import OwnSearch, PopularSearch, SearchQuery, ViewCount
from models.session import Database
from models.two_factor import TwoFactor
from models.users import User, UserSession

__all__ = [
    "ApplicationIntake",
    "Attention",
    "AuditEntry",
    "AuditLink",
    "AvailabilityException",
    "Base",
    "Booking",
    "BookingEvent",
    "Clock",
    "Conversation",
    "CountedDocument",
    "DataExport",
    "Database",
    "Delivery",
    "DeliveryState",
    "Departure",
    "DeviceToken",
    "ExternalIdentity",
    "Guide",
    "GuideApplication",
    "GuideApplicationEvent",
    "Heartbeat",
    "IdempotencyKey",
    "IdentityKey",
    "Job",
    "LicenceRenewal",
    "LineItem",
    "Listing",
    "ListingCount",
    "ListingImage",
    "Media",
    "Message",
    "Notification",
    "NotificationPreference",
    "OneTimeToken",
    "OwnSearch",
    "Payment",
    "PaymentEvent",
    "PeriodicRun",
    "PopularSearch",
    "ProviderToken",
    "RateLimit",
    "Receivable",
    "ReceivableState",
    "Refund",
    "RefundReason",
    "RefundState",
    "Resource",
    "Review",
    "ScheduleRule",
    "SearchDocument",
    "SearchQuery",
    "SearchWord",
    "TwoFactor",
    "UnchainedEntry",
    "UncountedDocument",
    "UsedIdentityToken",
    "User",
    "UserSession",
    "ViewCount",
    "WebhookEvent",
]
