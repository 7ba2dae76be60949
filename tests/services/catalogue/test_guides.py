"""Finding guides: filters, order, who is not there, and what it costs the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from domain.errors import NotFound
from models import Guide, User
from models.locks import lock_user
from models.prepared import HotReads, Question
from services.catalogue.experiences import Card
from services.catalogue.guides import GuideCard, GuideProfile, GuideQuery, find_guides, get_guide
from services.catalogue.lists import Totals
from services.guides.onboarding import Profile, make_guide
from services.pages import Page, Window


@pytest.fixture
def guide(make, db):
    """A guide by their first name, with a profile as given."""

    def guide(name, status="active", **profile):
        user = make.guide(first_name=name, last_name="Wanjiru", status=status)
        with db.transaction() as session:
            session.execute(update(Guide).where(Guide.user_id == user.id).values(slug=name.lower(), **profile))
        return user

    return guide


@pytest.fixture
def three(guide):
    return [
        guide("Zawadi", region="Lamu", languages=["English", "Swahili"], specializations=["Dhow sailing"]),
        guide(
            "Baraka",
            region="Nairobi",
            languages=["English", "Maa"],
            specializations=["Street food", "City history"],
            rating_average=4.5,
            years_experience=2,
        ),
        guide(
            "mumbi",
            region="Nairobi",
            languages=["Swahili"],
            specializations=["Street Food"],
            rating_average=3.5,
            years_experience=20,
        ),
    ]


def names(db, **query) -> list[str]:
    page = find_guides(db, Totals(), GuideQuery(**query), Window())
    assert page.total == len(page.rows)
    return [GuideCard.read(row).first_name for row in page.rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Baraka", "mumbi", "Zawadi"]),
        ({"sort": "newest"}, ["mumbi", "Baraka", "Zawadi"]),
        ({"sort": "experience"}, ["mumbi", "Baraka", "Zawadi"]),
        ({"sort": "name"}, ["Baraka", "mumbi", "Zawadi"]),
        ({"region": "nairobi"}, ["Baraka", "mumbi"]),
        ({"region": "Nai"}, []),
        ({"region": "%"}, []),
        ({"language": "SWAHILI"}, ["mumbi", "Zawadi"]),
        ({"language": "maa"}, ["Baraka"]),
        ({"specialization": "street food"}, ["Baraka", "mumbi"]),
        ({"specialization": "food"}, []),
        ({"min_rating": 4.0}, ["Baraka"]),
        ({"region": "NAIROBI", "language": "swahili", "specialization": "STREET FOOD", "min_rating": 3.5}, ["mumbi"]),
        ({"specialization": "{a,b}"}, []),
        ({"specialization": "'; --"}, []),
    ],
)
def test_those_are_found_who_were_asked_for(db, three, query, found):
    assert names(db, **query) == found


@pytest.mark.parametrize("region", ["İzmir", "ΠΕΙΡΑΙΑΣ", "Straße", "Côte"])
def test_a_place_and_a_word_find_themselves_in_any_script(db, guide, region):
    guide("Asha", region=region, languages=[region], specializations=[region])
    assert names(db, region=region) == names(db, language=region) == names(db, specialization=region) == ["Asha"]


def test_a_new_guide_is_found_by_languages_however_the_form_was_filled_in(db, ctx, make):
    user = make.user()
    with db.transaction() as session:
        profile = Profile("Asha Noor", "Born on Pate.", "Lamu", languages=("sw", "Kiswahili", "english", "Bajuni"))
        made = make_guide(session, ctx, lock_user(session, user.id), profile)
    assert made.languages == ["Swahili", "English", "Bajuni"]
    assert names(db, language="Swahili") == names(db, language="bajuni") == [user.first_name]


@pytest.mark.parametrize("becomes", ["suspended", "deleted"])
def test_who_is_suspended_or_gone_is_not_there(db, ctx, guide, becomes):
    gone = guide("Gone")
    guide("Stays", status="pending")
    with db.transaction() as session:
        user, now = session.get_one(User, gone.id), ctx.now(session)
        user.suspend("For a test.", now) if becomes == "suspended" else user.delete(now, now)
    assert names(db) == ["Stays"]
    with pytest.raises(NotFound):
        get_guide(db, "gone")
    assert GuideProfile.read(get_guide(db, "stays")).card.first_name == "Stays"


def test_who_lost_the_role_is_not_there(db, guide):
    user = guide("Asha")
    with db.transaction() as session:
        session.get_one(User, user.id).roles = ["tourist"]
    assert names(db) == []
    with pytest.raises(NotFound):
        get_guide(db, "asha")


def test_a_page_beyond_the_last_still_knows_the_count(db, guide):
    guide("Asha")
    beyond = Window(20, offset=20)
    assert find_guides(db, Totals(), GuideQuery(), beyond) == Page([], 1)
    assert find_guides(db, Totals(), GuideQuery(region="Lamu"), beyond) == Page([], 0)


def test_a_profile_shows_the_best_of_what_is_offered(db, make, guide):
    user, other = guide("Asha"), guide("Other")
    for number in range(8):
        make.listing(user, title=f"Walk {number}", rating_average=number / 2)
    for status in ("draft", "hidden", "withdrawn", "archived"):
        make.listing(user, status=status, rating_average=5)
    make.listing(other, rating_average=5)

    shown = GuideProfile.read(get_guide(db, "asha"))

    assert [Card.read(row).title for row in shown.experiences] == [f"Walk {number}" for number in range(7, 1, -1)]
    assert shown.card.experience_count == 8
    assert GuideProfile.read(get_guide(db, shown.card.id)).card.slug == "asha"


@pytest.fixture
def asked(db, monkeypatch):
    """The hot questions that were put to the database."""
    texts: list[str] = []
    ask = HotReads.ask

    def listening(self: HotReads, question: Question, **values: object) -> list:
        texts.append(question.text)
        return ask(self, question, **values)

    monkeypatch.setattr(HotReads, "ask", listening)
    return texts


@pytest.mark.parametrize("query", [{}, {"language": "english"}, {"sort": "experience"}, {"sort": "name"}])
def test_a_page_and_its_count_are_one_question(db, three, asked, query):
    asked.clear()
    find_guides(db, Totals(), GuideQuery(**query), Window(2))
    assert len(asked) == 1


def test_a_profile_is_one_question(db, three, asked):
    get_guide(db, "baraka")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("lower(region) = 'lamu'", "ix_guides_found_by_region"),
        ("lower_all(languages) @> '{swahili}'", "ix_guides_found_by_languages"),
        ("lower_all(specializations) @> '{birds}'", "ix_guides_found_by_specializations"),
        ("rating_average >= 4 ORDER BY rating_average DESC, id LIMIT 20", "ix_guides_found_by_stars"),
        ("true ORDER BY years_experience DESC, id LIMIT 20", "ix_guides_found_by_experience"),
    ],
)
def test_an_index_answers(db, condition, index):
    with db.transaction() as session:
        for way in ("seqscan", "sort"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        plan = session.scalars(text(f"EXPLAIN SELECT id FROM guides WHERE {condition}")).all()

    assert any(index in line for line in plan), plan
