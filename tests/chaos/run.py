"""One fault run from the first service to the report: build, storm, settle, judge."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ops.terminal import Terminal
from tests.chaos import money, words
from tests.chaos.house import House
from tests.chaos.judge import Verdict, judge
from tests.chaos.plan import Plan, Size, draw
from tests.chaos.record import Record, take
from tests.chaos.scenery import build
from tests.chaos.settling import product_now, settle
from tests.chaos.storm import Storm, facts

SHOWN_OFFENDERS = 8


def run(terminal: Terminal, choice: str, seed: int, size: Size, folder: Path) -> bool:
    """Whether every promise held. ``folder`` gets report.json, record.json and the logs."""
    terminal.heading(f"Fault run {seed}: {size.payments} travellers, {size.storm / 60:.1f} minutes, {size.kills} kills")
    house = House(terminal, choice, prompt_seconds=size.prompt, is_small=size.is_small)
    plan = draw(seed, size, tuple(house.programs))
    try:
        record, seconds = _weather(house, plan, terminal)
        verdicts = judge(record)
        held = all(verdict.held for verdict in verdicts)
        report = _report(plan, record, verdicts, seconds)
        _write(folder, report, record, house.folder.logs)
    except BaseException:
        _write(folder, {}, {}, house.folder.logs)
        raise
    finally:
        house.stop()
        shutil.rmtree(house.folder.path, ignore_errors=True)
    _tell(terminal, report, verdicts, folder)
    return held


def _weather(house: House, plan: Plan, terminal: Terminal) -> tuple[Record, dict[str, float]]:
    """The record of the run, and how long each part took."""
    seconds = {}
    house.start()
    departures = build(house.env, plan.size.departures)
    with terminal.step(f"{len(house.programs)} programs and the sandbox") as step:
        house.open()
        house.await_ready()
    seconds["start"] = step.seconds
    storm = Storm(house, plan, departures)
    with terminal.step("The storm") as step:
        history = storm.rage()
    seconds["storm"] = step.seconds
    ended_at, started = product_now(house), time.monotonic()
    with terminal.step("Everything comes to its end") as step:
        moved = settle(house)
        step.title = f"Everything came to its end, the clock moved by {moved / 60:.0f} min"
    seconds["settle"] = time.monotonic() - started
    return take(house, history, facts(plan, storm.log, ended_at)), seconds


def _report(plan: Plan, record: Record, verdicts: list[Verdict], seconds: dict[str, float]) -> dict[str, Any]:
    books, log = record["books"], record["storm"]["log"]
    kills = [act for act in log if act["what"] == "kill" and act["outcome"] in ("leader", "child")]
    latest = money.settle_seconds(record)
    return {
        "seed": plan.seed,
        "payments": len(books["payments"]),
        "states": dict(Counter(row["state"] for row in books["payments"])),
        "attention": dict(Counter(row["attention"] for row in books["payments"] if row["attention"])),
        "bookings": dict(Counter(row["status"] for row in books["bookings"])),
        "refunds": dict(Counter(row["reason"] for row in books["refunds"])),
        "charges": len(record["sandbox"]["charges"]),
        "texts": {name: len(record["sandbox"][name]) for name in ("mails", "sms")},
        "duplicate_mails": words.duplicates(record),
        "kills": dict(Counter(act["target"] for act in kills)),
        "kills_of_children": sum(act["outcome"] == "child" for act in kills),
        "others": dict(Counter(act["what"] for act in log if act["what"] != "kill")),
        "answers": dict(Counter(str(line["status"]) for line in record["history"] if "status" in line)),
        "ends": dict(Counter(line["end"] for line in record["history"] if "end" in line)),
        "crashed_claims": {row["kind"]: row["crashes"] for row in books["crashed"]},
        "slowest_settlement_seconds": round(max(latest.values(), default=0.0), 1),
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "verdicts": [
            {"promise": one.promise, "held": one.held, "compared": one.compared, "offenders": list(one.offenders)}
            for one in verdicts
        ],
    }


def _write(folder: Path, report: dict[str, Any], record: Record, logs: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("report.json", report), ("record.json", record)):
        (folder / name).write_text(json.dumps(content, indent=1))
    shutil.copytree(logs, folder / "logs", dirs_exist_ok=True)


def _tell(terminal: Terminal, report: dict[str, Any], verdicts: list[Verdict], folder: Path) -> None:
    terminal.gap()
    for verdict in verdicts:
        line = f"{verdict.promise} ({verdict.compared} compared)"
        (terminal.good if verdict.held else terminal.bad)(line)
        for offender in verdict.offenders[:SHOWN_OFFENDERS]:
            terminal.line(f"    {offender[:300]}")
        if len(verdict.offenders) > SHOWN_OFFENDERS:
            terminal.line(f"    and {len(verdict.offenders) - SHOWN_OFFENDERS} more, in the report")
    terminal.gap()
    shown = ("states", "bookings", "refunds", "kills", "others", "answers", "crashed_claims")
    rows = [("payments, charges", f"{report['payments']}, {report['charges']}")]
    rows += [(name.replace("_", " "), _counts(report[name])) for name in shown]
    rows.append(("last word after", f"{report['slowest_settlement_seconds']:.0f} s of the product's time"))
    terminal.table(rows)
    terminal.gap()
    terminal.line(f"The whole report and the record that was judged: {folder}")


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counted.items(), key=lambda item: -item[1])) or "none"
