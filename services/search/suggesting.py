"""What somebody may want to search for who is still typing: one question, answered from the beginnings of words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, literal_column, null, select, text, union_all
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from domain.searching import BANDS, MOST_FAR_ENTRIES, NEAR_BANDS
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.search import FoundKind, SearchDocument, SearchWord
from models.session import Database
from models.users import User

#: One letter begins too much.
FEWEST_LETTERS = 2
#: Of each kind so many are shown; places are those of so many experiences.
PLACES, EXPERIENCES, GUIDES, WORDS, LOOKED_AT = 3, 5, 3, 3, 50
#: So many words that begin like the last one are looked for.
KIN = 12
#: So many words before the last one are mended where they are nowhere.
MENDED_BEFORE = 2
#: How near a word must come to be offered where none begins like what was typed.
_NEAR_ENOUGH = "0.4"


class SuggestionKind(StrEnum):
    PLACE = "place"
    EXPERIENCE = "experience"
    GUIDE = "guide"
    WORDS = "words"


class Suggestion(NamedTuple):
    """Something to search for, or to go to where it has an id."""

    kind: SuggestionKind
    text: str
    id: str | None
    slug: str | None


#: Which of what is looked for, in title or place and in the place, among the best and in the large bands beyond.
_NEAR_HEADS, _NEAR_PLACES, _FAR_HEADS, _FAR_PLACES = "near_heads", "near_places", "far_heads", "far_places"
#: The words that were typed whole, and the likeliest words that begin like the last one: in title or place, and in the place.
#: Beginnings are made whole here, for an index that looks for them itself reads whatever begins so before it looks further.
#: What is nowhere, and begins nothing, is mended by a function, which costs nothing where it is not called. How common a
#: word is that was mended is not known, so it counts as common.
_ASKED = (
    text(
        f"""
        SELECT typed.before, typed.last, kin.words,
            concat_ws(' & ', typed.heads, '(' || kin.heads || ')') AS near_heads,
            concat_ws(' & ', typed.places, '(' || kin.places || ')') AS near_places,
            CASE WHEN typed.is_rare THEN concat_ws(' & ', typed.heads, '(' || kin.heads || ')')
                WHEN kin.rare_heads IS NOT NULL THEN concat_ws(' & ', typed.heads, '(' || kin.rare_heads || ')')
            END AS far_heads,
            CASE WHEN typed.is_rare THEN concat_ws(' & ', typed.places, '(' || kin.places || ')')
                WHEN kin.rare_places IS NOT NULL THEN concat_ws(' & ', typed.places, '(' || kin.rare_places || ')')
            END AS far_places
        FROM (
            SELECT (array_agg(word ORDER BY number DESC))[1] AS last,
                (array_agg(meant ORDER BY number DESC))[1] AS begins,
                coalesce(string_agg(meant, ' ' ORDER BY number) FILTER (WHERE number < words) || ' ', '') AS before,
                string_agg('''^' || meant || '''', ' & ') FILTER (WHERE number < words) AS heads,
                string_agg('''@' || meant || '''', ' & ') FILTER (WHERE number < words) AS places,
                bool_or(document_count BETWEEN 1 AND {MOST_FAR_ENTRIES}) FILTER (WHERE number < words) AS is_rare
            FROM (
                SELECT word, number, words, document_count,
                    CASE WHEN document_count > 0 OR number < words - {MENDED_BEFORE} THEN word
                        WHEN number < words THEN search_slipped(word, true)
                        WHEN EXISTS (SELECT FROM search_words b WHERE b.word > known.word AND b.word < known.word || chr(1114111))
                        THEN word
                        ELSE search_slipped(word, false) END AS meant
                FROM (
                    SELECT each.word, row_number() OVER (ORDER BY number) AS number, count(*) OVER () AS words,
                        coalesce((SELECT k.document_count FROM search_words k WHERE k.word = each.word), 0) AS document_count
                    FROM string_to_table(search_folded(CAST(:q AS text)), ' ') WITH ORDINALITY AS each (word, number)
                    WHERE each.word <> ''
                ) known
                OFFSET 0
            ) mended
        ) typed,
        LATERAL (
            SELECT array_agg(word) AS words,
                string_agg('''^' || word || '''', ' | ') AS heads,
                string_agg('''@' || word || '''', ' | ') AS places,
                string_agg('''^' || word || '''', ' | ') FILTER (WHERE entries <= {MOST_FAR_ENTRIES}) AS rare_heads,
                string_agg('''@' || word || '''', ' | ') FILTER (WHERE entries <= {MOST_FAR_ENTRIES}) AS rare_places
            FROM (
                SELECT word, sum(document_count) OVER (ORDER BY document_count) AS entries
                FROM (
                    SELECT typed.last AS word,
                        coalesce((SELECT k.document_count FROM search_words k WHERE k.word = typed.last), 0) AS document_count
                    UNION
                    (SELECT w.word, w.document_count FROM search_words w
                     WHERE w.word >= typed.begins AND w.word < typed.begins || chr(1114111)
                     ORDER BY w.document_count DESC, w.word LIMIT {KIN})
                ) begins
            ) counted
        ) kin
        WHERE typed.last IS NOT NULL
        """  # noqa: S608 - numbers of ours
    )
    .columns(
        before=Text,
        last=Text,
        words=ARRAY(Text),
        **dict.fromkeys((_NEAR_HEADS, _NEAR_PLACES, _FAR_HEADS, _FAR_PLACES), Text),
    )
    .cte("asked")
)


def _best(kind: FoundKind, near: str, far: str, limit: int) -> Any:
    """The first of a kind that has all the words, the better before the worse."""
    lexemes = [near if band < NEAR_BANDS else far for band in BANDS]
    bands = (
        select(SearchDocument.id, SearchDocument.quality).where(
            SearchDocument.band == literal_column(str(band)),
            SearchDocument.vector.op("@@", is_comparison=True)(
                select(cast(literal_column(f"'''#{kind}'' & '") + _ASKED.c[words], TSQUERY)).scalar_subquery()
            ),
        )
        for band, words in zip(BANDS, lexemes, strict=True)
    )
    return select(union_all(*bands).subquery()).limit(literal_column(str(limit))).subquery()


def _row(kind: SuggestionKind, words: Any, id_: Any, slug: Any, *order: Any) -> Select[Any]:
    position = func.row_number().over(order_by=order).label("position")
    section = literal_column(str(list(SuggestionKind).index(kind))).label("section")
    name = literal_column(f"'{kind}'")
    return select(section, position, name.label("kind"), words.label("text"), id_.label("id"), slug.label("slug"))


def _places() -> Select[Any]:
    best = _best(FoundKind.EXPERIENCE, _NEAR_PLACES, _FAR_PLACES, LOOKED_AT)
    order = (func.count().desc(), Listing.location)
    found = _row(SuggestionKind.PLACE, Listing.location, cast(null(), Text), cast(null(), Text), *order)
    found = found.select_from(best).join(Listing, Listing.id == best.c.id).group_by(Listing.location)
    return found.order_by(*order).limit(literal_column(str(PLACES)))


def _experiences() -> Select[Any]:
    best = _best(FoundKind.EXPERIENCE, _NEAR_HEADS, _FAR_HEADS, EXPERIENCES)
    order = (best.c.quality.desc(), Listing.id)
    found = _row(SuggestionKind.EXPERIENCE, Listing.title, cast(Listing.id, Text), Listing.slug, *order)
    return found.select_from(best).join(Listing, Listing.id == best.c.id)


def _guides() -> Select[Any]:
    best = _best(FoundKind.GUIDE, _NEAR_HEADS, _FAR_HEADS, GUIDES)
    name = func.btrim(User.first_name + literal_column("' '") + User.last_name)
    found = _row(SuggestionKind.GUIDE, name, cast(Guide.id, Text), Guide.slug, best.c.quality.desc(), Guide.id)
    return found.select_from(best).join(Guide, Guide.id == best.c.id).join(User, User.id == Guide.user_id)


def _words() -> Select[Any]:
    """Words that begin like the last one; where none does, those that are spelled most like it."""
    says, likely = SearchWord.stem != literal_column("''"), (SearchWord.document_count.desc(), SearchWord.word)
    last = select(_ASKED.c.last).scalar_subquery()
    begins = select(SearchWord.word, SearchWord.document_count, literal_column("1").label("nearness"))
    begins = begins.where(SearchWord.word.in_(select(func.unnest(_ASKED.c.words))), says)
    begins = begins.order_by(*likely).limit(literal_column(str(WORDS)))
    nearness = func.similarity(SearchWord.word, last)
    near = select(SearchWord.word, SearchWord.document_count, nearness.label("nearness"))
    near = near.where(SearchWord.word.op("%")(last), nearness >= literal_column(_NEAR_ENOUGH), says)
    near = near.where(~select(begins.subquery()).exists())
    near = near.order_by(nearness.desc(), *likely).limit(literal_column("1"))
    found = union_all(select(begins.subquery()), select(near.subquery())).subquery()
    whole = select(_ASKED.c.before).scalar_subquery() + found.c.word
    order = (found.c.nearness.desc(), found.c.document_count.desc(), found.c.word)
    return _row(SuggestionKind.WORDS, whole, cast(null(), Text), cast(null(), Text), *order).select_from(found)


def _suggesting() -> Question:
    parts = (part.subquery() for part in (_places(), _experiences(), _guides(), _words()))
    rows = union_all(*(select(part) for part in parts)).subquery()
    shown = select(rows.c.kind, rows.c.text, rows.c.id, rows.c.slug)
    return Question(shown.order_by(rows.c.section, rows.c.position))


SUGGEST = _suggesting()


def suggest(db: Database, q: str) -> list[Suggestion]:
    """Places, experiences, guides and words that begin like what was typed so far."""
    if len(q.strip()) < FEWEST_LETTERS:
        return []
    return [Suggestion(SuggestionKind(kind), *rest) for kind, *rest in db.hot.ask(SUGGEST, q=q)]
