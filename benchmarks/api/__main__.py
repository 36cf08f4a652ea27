"""Prints what docs/api-figures.md quotes: `python -m benchmarks.api [--counts 1000 100000]`.

Starts a whole Roomtone for each count of reservations and asks it over HTTP, beside a view on the same server that
does nothing. Milliseconds are those of one client, rates those of several; all of a table is measured in one run.
"""

import argparse
import datetime as dt
import os
import platform
import statistics
import sys

from benchmarks.api import costs, filled_server, operations, racing

COUNTS = (1_000, 100_000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", nargs="+", type=int, default=COUNTS, help="of reservations, a server for each")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, load {load:.1f}")
    for count in options.counts:
        with filled_server.open_server(count) as (roomtone, account, secret):
            _print_operations(count, list(operations.measure(roomtone, account, secret)))
            if count == options.counts[-1]:
                _print_race(*racing.measure(roomtone, account, secret))
                _print_costs(costs.measure(roomtone, secret))
    print(f"\nload of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after", file=sys.stderr)


def _print_operations(count, figures):
    bare = figures[0]
    print(f"\n| {count:,} reservations | p50 ms | p99 ms | p50 / bare | per second | bare / per second |")
    print("|---|---|---|---|---|---|")
    for each in figures:
        ratios = f"{each.at(50) / bare.at(50):.1f} | {each.rate:.0f} | {bare.rate / each.rate:.1f}"
        print(f"| {each.what} | {each.at(50):.1f} | {each.at(99):.1f} | {ratios} |", flush=True)


def _print_race(by_api, by_form):
    print(f"\n| {racing.CLIENTS} clients, one apartment | p50 ms | p99 ms | p99 / form |")
    print("|---|---|---|---|")
    slowest = statistics.quantiles(by_form, n=100)[98]
    for what, times in (("by the API", by_api), ("by the web form", by_form)):
        p99 = statistics.quantiles(times, n=100)[98]
        print(f"| {what} | {statistics.median(times):.0f} | {p99:.0f} | {p99 / slowest:.2f} |", flush=True)


def _print_costs(lines):
    print("\n| cost of every request | p50 ms | p99 ms |")
    print("|---|---|---|")
    for what, median, p99 in lines:
        print(f"| {what} | {median:.2f} | {p99:.2f} |", flush=True)


if __name__ == "__main__":
    main()
