"""What ``./elite`` understands: the words of its command line and the module behind each of them."""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import signal

from ops import venv
from ops.errors import OpsError
from ops.terminal import Terminal

INTRODUCTION = "Elite Events Kenya: bookings for local experiences, paid by M-Pesa."
COMMANDS = {
    "up": "start everything on this machine; Ctrl-C stops it all",
    "demo": "book and pay as a traveller against a running up",
    "test": "the whole test suite on throw-away services; arguments go to pytest",
    "bench": "measure against the reference server and bare SQL; arguments choose what",
    "doctor": "look at everything the product needs; each fault comes with its cure",
    "jobs": "work that gave up: list it, or put it back with 'retry'",
    "audit": "'verify' proves that nobody changed the audit log, or names what was changed",
    "chaos": "kill everything under load and judge what became of the money; minutes",
    "admin": "'create' opens an administrator's account; 'suspend', 'unsuspend', 'restore', 'reset-2fa': anybody's",
    "rotate-keys": "seal every secret in the database under the first of ENCRYPTION_KEYS",
    "gallery": "send every mail and SMS in every language to the sandbox, to look at",
    "migrate": "bring the database to the newest version",
    "help": "show this",
}
_SERVICES_HELP = "where PostgreSQL and Redis come from (default: ELITE_SERVICES, else auto)"


def main(argv: list[str]) -> int:
    """Run one command; returns the process's exit code and prints every foreseeable problem as a sentence."""
    terminal = Terminal()
    try:
        name, *rest = argv or ["help"]
        if name in ("help", "-h", "--help"):
            if rest and rest[0] in COMMANDS and rest[0] != "help":
                return main([rest[0], "--help"])
            show_help(terminal)
            return 0
        if name not in COMMANDS:
            meant = difflib.get_close_matches(name, COMMANDS, 1)
            hint = f"Did you mean ./elite {meant[0]}? " if meant else ""
            raise OpsError(f"There is no command '{name}'.", f"{hint}./elite help lists the commands.")
        options = parse(name, rest)
        os.chdir(venv.ROOT)
        venv.ensure(terminal, argv)
        return importlib.import_module(f"ops.{_module(name)}").run(options, terminal)
    except OpsError as error:
        terminal.problem(error)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def inside(name: str, arguments: list[str]) -> int:
    """Run one command where everything is installed already, such as in a container; returns the exit code."""
    terminal = Terminal()
    try:
        return importlib.import_module(f"ops.{_module(name)}").run(parse(name, arguments), terminal)
    except OpsError as error:
        terminal.problem(error)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def parse(name: str, arguments: list[str]) -> argparse.Namespace:
    """The options of one command; unknown ones end the process with a usage line, except for ``test``."""
    # The benchmarks explain their own options.
    told = {"description": COMMANDS[name], "allow_abbrev": False, "add_help": name != "bench"}
    parser = argparse.ArgumentParser(prog=f"elite {name}", **told)
    if name in ("up", "test", "migrate", "chaos", "bench"):
        parser.add_argument("--services", choices=("auto", "system", "embedded"), help=_SERVICES_HELP)
    if name == "up":
        parser.add_argument("--port", type=int, help="port of the API (default: PORT, else 5000)")
        parser.add_argument("--verbose", action="store_true", help="show every log line of every process")
    if name == "demo":
        parser.add_argument("--pay", choices=("mpesa",), default="mpesa", help="how the traveller pays")
        parser.add_argument("--fault", metavar="NAME", help="what goes wrong on the way; 'list' names them all")
        parser.add_argument(
            "--guide", action="store_true", help="first somebody becomes a guide and offers what is booked"
        )
    if name == "doctor":
        parser.add_argument("--json", action="store_true", help="for machines: a list of findings")
    if name == "jobs":
        _add_jobs(parser)
    if name == "admin":
        _add_admin(parser)
    if name == "audit":
        _add_audit(parser)
    if name == "chaos":
        _add_chaos_options(parser)
    if name not in ("test", "bench"):
        return parser.parse_args(arguments)
    options, rest = parser.parse_known_args(arguments)
    options.rest = [argument for argument in rest if argument != "--"]
    return options


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", nargs="?", choices=("list", "retry"), default="list")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--kind", help="retry: all dead jobs of this kind, such as deliveries.send_sms")
    which.add_argument("--id", help="retry: this one")
    which.add_argument("--all", action="store_true", help="retry: every dead job")


def _add_admin(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="open an administrator's account; its password is asked for")
    create.add_argument("--email", required=True, help="address to sign in with; an existing account is promoted")
    create.add_argument("--first-name", required=True)
    create.add_argument("--last-name", required=True)
    create.add_argument("--super", action="store_true", help="a super administrator")
    suspend = verbs.add_parser("suspend", help="sign somebody out everywhere and keep them out")
    suspend.add_argument("email", help="the address of the account")
    suspend.add_argument("--reason", required=True, help="why, for colleagues; the owner is not shown it")
    unsuspend = verbs.add_parser("unsuspend", help="let somebody who is suspended sign in again")
    unsuspend.add_argument("email", help="the address of the account")
    restore = verbs.add_parser("restore", help="take a deleted account back for its owner, until it is erased")
    restore.add_argument("email", help="the address of the account")
    reset = verbs.add_parser("reset-2fa", help="switch two-factor sign-in off for who lost phone and backup codes")
    reset.add_argument("email", help="the address that the account signs in with")


def _add_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=("verify",))
    parser.add_argument(
        "--head", metavar="HASH", help="a hash that audit.head told in the logs: it must still be there"
    )


def _add_chaos_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--payments", type=int, default=200, help="travellers who book and pay (default: 200)")
    parser.add_argument("--minutes", type=float, default=4.0, help="how long the storm lasts (default: 4)")
    parser.add_argument("--seed", type=int, help="the run to repeat (default: a new one)")
    parser.add_argument("--kills", type=int, help="how many processes are killed (default: one every 4 s)")
    parser.add_argument("--flushes", type=int, default=2, help="how often Redis is emptied (default: 2)")
    parser.add_argument("--keep-redis", action="store_true", help="do not stop Redis")
    parser.add_argument("--keep-postgres", action="store_true", help="do not crash PostgreSQL")
    parser.add_argument("--report", metavar="FOLDER", help="where report and record go")


def show_help(terminal: Terminal) -> None:
    """The commands, one line each."""
    terminal.heading(INTRODUCTION)
    terminal.table([(f"./elite {name}", text) for name, text in COMMANDS.items()])
    terminal.gap()
    terminal.line("Each command explains its options with --help. A first visit: ./elite up, then ./elite demo.")


def _module(name: str) -> str:
    return {"test": "testrun"}.get(name, name).replace("-", "_")
