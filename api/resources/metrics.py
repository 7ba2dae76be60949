"""The house in figures for Prometheus, and for nobody else."""

from __future__ import annotations

from flask import Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

import metrics
from api.auth import OperatorView
from api.edge import edge
from api.examples import operations as examples
from api.openapi import operation
from api.parsing import Blueprint

blueprint = Blueprint("metrics", __name__, url_prefix="/metrics", description="For load balancers and operators")


@blueprint.route("")
class Metrics(OperatorView):
    @operation("getMetrics", "The house in figures, for Prometheus")
    @blueprint.response(200, {"type": "string"}, example=examples.METRICS, content_type="text/plain")
    def get(self) -> Response:
        return Response(metrics.exposition(edge().figures), content_type=CONTENT_TYPE_PLAIN_0_0_4)
