"""Celery's settings: Redis carries only the message that a job waits, so nothing here may be needed for correctness."""

from __future__ import annotations

import os

from beat.schedule import BEAT_SCHEDULE
from settings import Settings

_settings = Settings.from_env(os.environ)

broker_url = _settings.celery_broker_url
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
# Flower asks many workers at once, each question on two connections: a small pool would lock it up for good.
broker_pool_limit = 32
broker_pool_acquire_timeout = 5
broker_transport_options = {
    # Redis does not note which messages are in whose hands: the job's row does, and a lost message is offered again
    # within seconds. With the notes, a worker whose connection breaks dies of them, and its pushes in flight with it.
    "ack_emulation": False,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 15,
    "retry_on_timeout": True,
}

# A result would be a second, weaker truth; the job's row is the first.
result_backend = None
task_ignore_result = True
task_store_errors_even_if_ignored = False

task_serializer = "json"
accept_content = ["json"]
result_accept_content = ["json"]

task_acks_late = True
# What kills a child is not handed to the next one at once: its offer runs out, and with the second it is suspect.
task_reject_on_worker_lost = False
worker_prefetch_multiplier = 1
worker_enable_remote_control = True
worker_send_task_events = True
task_send_sent_event = False
worker_cancel_long_running_tasks_on_connection_loss = False
worker_max_tasks_per_child = 5_000
worker_max_memory_per_child = 200_000
worker_hijack_root_logger = False
worker_soft_shutdown_timeout = 10
# Enforced by prefork only; threads are bounded by their calls' own timeouts.
task_soft_time_limit = 70
task_time_limit = 85

task_default_queue = "periodic"
task_create_missing_queues = True
timezone = "UTC"
enable_utc = True
beat_schedule = BEAT_SCHEDULE
beat_max_loop_interval = 5
