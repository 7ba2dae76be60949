# One image for every process of the Procfile and for migrations:
#   docker run IMAGE web        docker run IMAGE alembic upgrade head
# It needs no writable files but /tmp and, where large files pass through, /spool (TMPDIR), so it runs with a read-only root.

FROM python:3.11.15-slim-bookworm AS build
COPY requirements.txt /build/
# Wheels only: nothing is compiled, so nothing needs a compiler. The venv goes without pip, for nothing is installed later.
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python --disable-pip-version-check --no-input \
        install --only-binary :all: --no-compile -r /build/requirements.txt \
    && find /opt/venv -type d -name tests -prune -exec rm -rf {} + \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM python:3.11.15-slim-bookworm
LABEL org.opencontainers.image.title="Elite Events Kenya" \
      org.opencontainers.image.description="Booking backend: every process of the Procfile and its migrations"
RUN groupadd --gid 10001 elite \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin elite \
    && install --directory --owner 10001 --group 10001 /spool
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONFAULTHANDLER=1 \
    PORT=5000
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
# What goes in is listed in .dockerignore. It stays root's: the processes may read their code, not change it.
COPY . .
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /app
# Last, for it changes with every build: what is running, told at /metrics.
ARG BUILD_REVISION=unknown
ENV BUILD_REVISION=$BUILD_REVISION
USER 10001:10001
ENTRYPOINT ["/app/docker/start"]
CMD ["web"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["python", "healthcheck.py"]
