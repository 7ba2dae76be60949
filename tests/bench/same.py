"""Whether both servers answer alike: what differs need not be measured."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any

from tests.bench.servers import Server


class Different(Exception):
    """The two servers give different answers; the message shows one of them."""


def check(first: Server, second: Server, paths: Iterable[str]) -> int:
    """Ask both; how many answers were compared. Raises :class:`Different` for the first that is not the same."""
    count = 0
    for path in paths:
        answers = _answer(first.url + path), _answer(second.url + path)
        if answers[0] != answers[1]:
            told = "\n".join(
                f"{server.name}: {str(answer)[:400]}" for server, answer in zip((first, second), answers, strict=True)
            )
            raise Different(f"{path}\n{told}")
        count += 1
    return count


def _comparable(body: Any) -> Any:
    """An answer without what each server writes in a way of its own: a cursor is there or not."""
    pagination = body.get("pagination")
    return (
        body
        if pagination is None
        else body | {"pagination": pagination | {"next_cursor": bool(pagination["next_cursor"])}}
    )


def _answer(url: str) -> tuple[Any, ...]:
    """Status, the headers that matter and the parsed body; of a refusal its code and the fields it names."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            told = {name: answer.headers[name] for name in ("Cache-Control", "Content-Type", "X-Frame-Options")}
            told["Content-Type"] = told["Content-Type"].partition(";")[0]
            told |= {name: name in answer.headers for name in ("ETag", "X-Request-ID", "RateLimit-Remaining", "Vary")}
            return answer.status, told, _comparable(json.loads(answer.read()))
    except urllib.error.HTTPError as refusal:
        problem = json.loads(refusal.read())
        if refusal.code >= 500:
            raise Different(f"{url} is answered by {refusal.code}") from refusal
        return refusal.code, problem["code"], sorted(problem["errors"])
