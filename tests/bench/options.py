"""What ``./elite bench`` can be asked for, read before anything is started for it."""

from __future__ import annotations

import argparse
from pathlib import Path

NAMES = ("list", "cached", "detail", "availability", "search", "suggest", "booking", "lists", "pickup")
CLIENTS = (500, 2_000, 5_000)
SIZES = (10_000, 1_000_000)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options; what is not understood ends the process with a usage line."""
    if arguments[:1] == ["sockets"]:
        parser = argparse.ArgumentParser(prog="elite bench sockets", description="Latency and memory of live events.")
        parser.add_argument("clients", nargs="*", type=int, default=CLIENTS, help="how many are connected at a time")
        return argparse.Namespace(names=["sockets"], **vars(parser.parse_args(arguments[1:])))
    if arguments[:1] == ["logins"]:
        parser = argparse.ArgumentParser(prog="elite bench logins", description="What logins cost the other routes.")
        parser.add_argument("--rate", type=int, default=20, help="logins a second (default 20)")
        parser.add_argument("--others", type=int, default=100, help="other requests a second (default 100)")
        parser.add_argument("--seconds", type=int, default=10, help="length of a round (default 10)")
        parser.add_argument("--rounds", type=int, default=4, help="rounds with and without (default 4)")
        return argparse.Namespace(names=["logins"], **vars(parser.parse_args(arguments[1:])))
    if arguments[:1] == ["enumeration"]:
        told = "Whether the time of an answer tells who has an account."
        parser = argparse.ArgumentParser(prog="elite bench enumeration", description=told)
        parser.add_argument("--asked", type=int, default=500, help="addresses of each kind (default 500)")
        return argparse.Namespace(names=["enumeration"], **vars(parser.parse_args(arguments[1:])))
    if arguments[:1] == ["scale"]:
        told = "How the cost of searching and listing grows with the catalogue."
        parser = argparse.ArgumentParser(prog="elite bench scale", description=told)
        parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many experiences there are")
        parser.add_argument("--asked", type=int, default=300, help="questions of each kind (default 300)")
        return argparse.Namespace(names=["scale"], **vars(parser.parse_args(arguments[1:])))
    parser = argparse.ArgumentParser(
        prog="elite bench",
        description="Measures the product against an Express server and bare SQL, in short rounds that take turns.",
        epilog="elite bench sockets [500 2000 5000] measures live events; elite bench logins what logins cost the others; "
        "elite bench enumeration whether times tell who has an account; elite bench scale what a million experiences cost.",
    )
    parser.add_argument("names", nargs="*", choices=NAMES, default=NAMES, help="what to measure; everything if absent")
    parser.add_argument("--seconds", type=int, default=4, help="length of a round (default 4)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each server (default 3)")
    parser.add_argument("--encoding", default="identity", help="Accept-Encoding of the requests (default identity)")
    parser.add_argument("--quick", action="store_true", help="a few requests, only to see that everything still runs")
    parser.add_argument("--json", type=Path, help="where the record goes")
    options = parser.parse_args(arguments)
    if options.quick:
        options.seconds, options.rounds = 1, 1
    return options
