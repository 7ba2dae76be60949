"""The page at /: one template, one stylesheet, one script; everything in it comes from the control API."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, make_response, render_template

from sandbox.faults import FAULTS
from sandbox.world import here

blueprint = Blueprint("page", __name__)

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@blueprint.get("/")
def page() -> Response:
    groups = [(name, list(pairs)) for name, pairs in groupby(FAULTS.items(), key=lambda pair: pair[1].group)]
    answer = make_response(render_template("page.html", groups=groups, config=here().config))
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer
