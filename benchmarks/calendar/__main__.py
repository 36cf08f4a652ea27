"""Prints what README quotes of the calendar: `python -m benchmarks.calendar [--folder FOLDER] [--only queries ...]`.

Fills a database of its own with 500 properties, 5,000 units and a million reservations (a minute), measures each of
our answers beside the best that the same database can do, in turn, and prints medians in milliseconds.
"""

import argparse
import datetime as dt
import os
import platform
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from benchmarks.calendar import booking, browser, dataset, pages, queries

PARTS = {"queries": queries, "booking": booking, "pages": pages, "browser": browser}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the database here, and use it again the next time")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure these alone")
    options = parser.parse_args()
    kept = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory(prefix="roomtone-")
    with kept as folder, dataset.open_dataset(Path(folder)):
        load = os.getloadavg()[0]
        _print_head(load)
        for name in options.only:
            for figure in PARTS[name].measure(Path(folder)):
                _print_line(figure)
    print(f"\nload of the machine: {load:.1f} before, {os.getloadavg()[0]:.1f} after", file=sys.stderr)


def _print_head(load):
    print(f"\n{dt.datetime.now(dt.UTC).date()}, {os.cpu_count()} cores, {platform.machine()}, load {load:.1f}, ms\n")
    print("| what | limit | ours | ours / limit | target | queries | buffers |")
    print("|---|---|---|---|---|---|---|")


def _print_line(figure):
    what = f"{figure.what} ({figure.remark})" if figure.remark else figure.what
    verdict = f"≤ {figure.target:.3g}" + ("" if figure.is_met else ", missed")
    work = " | ".join("–" if count is None else f"{count:,}" for count in (figure.queries, figure.buffers))
    print(f"| {what} | {figure.limit:.2f} | {figure.ours:.2f} | {figure.ratio:.1f} | {verdict} | {work} |", flush=True)


if __name__ == "__main__":
    main()
