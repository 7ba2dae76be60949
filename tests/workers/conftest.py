"""Workers' handlers called in this process, the providers' sandbox in another; books and charges are compared afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from composition import mpesa_config_from, policy_from, storage_from
from domain.formats import Format
from domain.jobs import JobKind
from domain.media import MediaKind
from domain.one_time import OneTimeTokens
from domain.vault import Vault
from models import Heartbeat, Job, Media, User
from models.clock import Clock
from models.jobs import add_job
from models.session import Database
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from providers.http import Timeouts
from providers.identity.google import GoogleKeys
from providers.live import LiveChannel
from providers.payments.mpesa import MpesaClient
from providers.tallies import TallyStore
from services.context import Context
from services.media import uploads
from settings import Settings
from tests.factories import Factory
from tests.support.books import check_books
from tests.support.callbacks import CallbackDesk
from tests.support.hands import Hands
from tests.support.jobs import CALLING, QUICK, Steps
from tests.support.mpesa_story import Interrupted, MeddledClient, Story
from tests.support.pictures import picture
from tests.support.sandbox_process import Sandbox, running_sandbox
from workers.running import HANDLERS, provider_steps
from workers.runtime import Runtime
from workers.tokens import SharedTokens

#: For a busy machine, and for calls that are meant to time out.
PATIENT = Timeouts(connect=5, read=10, write=5, pool=5, total=15)
HASTY = Timeouts(connect=5, read=0.3, write=5, pool=5, total=0.5)


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Sandbox]:
    with running_sandbox(
        callback_seconds="0.02", phone_off_seconds="0.05", copy_gap_seconds="0.02", same_amount_seconds="0"
    ) as url:
        control = Sandbox(url)
        yield control
        control.close()


@pytest.fixture
def sandbox(_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, with no records and no faults."""
    _sandbox.reset()
    yield _sandbox
    _sandbox.reset()


@pytest.fixture
def desk(db: Database, ctx: Context) -> Iterator[CallbackDesk]:
    """Where this test's callbacks arrive."""
    desk = CallbackDesk(db, ctx)
    yield desk
    desk.stop()


@pytest.fixture
def mpesa_client(
    settings: Settings, db: Database, clock: Clock, _sandbox: Sandbox
) -> Iterator[Callable[..., MpesaClient]]:
    """Daraja clients of the sandbox, as the workers build them."""
    made = []

    def client(timeouts: Timeouts = PATIENT) -> MpesaClient:
        config = replace(mpesa_config_from(settings), base_url=f"{_sandbox.url}/daraja")
        tokens = SharedTokens(db, clock, "mpesa", Vault(settings.encryption_keys))
        made.append(MpesaClient(config, tokens, clock.wall, call_timeouts=timeouts, token_timeouts=PATIENT))
        return made[-1]

    yield client
    for each in made:
        each.close()


@pytest.fixture
def runtime(
    settings: Settings,
    db: Database,
    clock: Clock,
    sandbox: Sandbox,
    desk: CallbackDesk,
    mpesa_client: Callable[..., MpesaClient],
) -> Iterator[Runtime]:
    """A worker process's tools, pointed at the sandbox and at this test's callback desk."""
    email = SendGridChannel(
        f"{sandbox.url}/sendgrid",
        settings.sendgrid_api_key,
        settings.from_email,
        "Elite Events Kenya",
        timeouts=PATIENT,
    )
    sms = AfricasTalkingChannel(
        f"{sandbox.url}/africastalking", settings.at_username, settings.at_api_key, "ELITE", timeouts=PATIENT
    )
    google = GoogleKeys(f"{sandbox.url}/google", timeouts=PATIENT)
    live = LiveChannel(settings.redis_url)
    storage, tallies = storage_from(settings), TallyStore(settings.redis_url)
    yield Runtime(
        db=db,
        clock=clock,
        policy=policy_from(settings),
        mpesa=mpesa_client(),
        email=email,
        sms=sms,
        google=google,
        live=live,
        storage=storage,
        tallies=tallies,
        callback_url=desk.url,
        frontend_url=settings.frontend_url,
        one_time_tokens=OneTimeTokens(settings.jwt_refresh_secret),
    )
    tallies.close()
    email.close()
    sms.close()
    google.close()
    live.close()
    storage.close()


@pytest.fixture
def hands(runtime: Runtime) -> Hands:
    return Hands(runtime)


@pytest.fixture(autouse=True)
def sound_books(db: Database) -> Iterator[None]:
    """Seats, money and watches add up after whatever the test did."""
    yield
    check_books(db)


@pytest.fixture
def story(make: Factory, hands: Hands, sandbox: Sandbox, desk: CallbackDesk) -> Iterator[Story]:
    """A payment's story; when it is over, M-Pesa's books and ours agree."""
    story = Story(make, hands, sandbox, desk)
    yield story
    if not story.is_disputed:
        story.check_charges()


@pytest.fixture
def meddling(runtime: Runtime) -> Callable[[Callable[[], None]], Hands]:
    """Hands in whose pushes something happens between the answer and its recording."""

    def meddling(after_push: Callable[[], None]) -> Hands:
        return Hands(replace(runtime, mpesa=MeddledClient(runtime.mpesa, after_push)))

    return meddling


@pytest.fixture
def dying(meddling: Callable[[Callable[[], None]], Hands]) -> Hands:
    """Hands that are killed when the push has gone out and before its answer is written down."""

    def die() -> None:
        raise Interrupted

    return meddling(die)


@pytest.fixture
def user(make):
    return make.user()


@pytest.fixture
def upload(db, make, bucket, runtime):
    """Send a picture as the edge does; the upload's id."""

    def upload(
        user: User, content: bytes | None = None, claimed: Format = Format.JPEG, kind: MediaKind = MediaKind.AVATAR
    ):
        content, ctx = content or picture(), make.acting(user)
        with db.transaction() as session:
            media = uploads.begin_upload(session, ctx, kind, claimed, len(content))
            media_id, key = media.id, media.incoming_key
        runtime.storage.put(key, content, content_type=claimed.value)
        with db.transaction() as session:
            checksum = hashlib.sha256(content).hexdigest()
            uploads.finish_upload(session, ctx, media_id, size=len(content), checksum=checksum)
        return media_id

    return upload


@pytest.fixture
def see(db):
    def see(media_id) -> Media | None:
        with db.reading() as session:
            return session.get(Media, media_id)

    return see


@pytest.fixture
def shown(db, user):
    def shown() -> str | None:
        with db.reading() as session:
            return session.get_one(User, user.id).avatar_url

    return shown


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    kept = dict(HANDLERS)
    yield
    HANDLERS.update(kept)


@pytest.fixture
def add(db, ctx) -> Callable[..., Job]:
    def add(kind: JobKind = QUICK, key: str = "job") -> Job:
        with db.transaction() as session:
            now = ctx.now(session)
            add_job(session, kind, key, {"name": key}, due_at=now, now=now, request_id="the-request")
            return session.scalars(select(Job).where(Job.key == key)).one()

    return add


@pytest.fixture
def happened(db) -> Callable[[], set[str]]:
    """The effects that were committed: heartbeats, since any row will do."""

    def happened() -> set[str]:
        with db.reading() as session:
            return set(session.scalars(select(Heartbeat.name)))

    return happened


@pytest.fixture
def later(clock) -> Callable[..., None]:
    def later(**amount: float) -> None:
        clock.offset += timedelta(**amount)

    return later


@pytest.fixture
def calling() -> Callable[..., Steps]:
    """Registers steps as the handler of CALLING."""

    def calling(steps: Steps) -> Steps:
        provider_steps(CALLING)(lambda: steps)
        return steps

    return calling
