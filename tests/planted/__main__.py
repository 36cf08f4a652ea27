"""Plants one fault at a time in a scratch copy and looks whether the tests that it names go red.

    .venv/bin/python -m tests.planted              all of them, some seconds each
    .venv/bin/python -m tests.planted NAME ...     these

A fault is a patch beside this file: what would be wrong, in a sentence; `Test: tests/path.py::name` for each test that
must go red; the diff.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTEST_FAILED = 1  # 2 and more: it could not even begin


class CannotRun(Exception):
    """The message is what pytest says."""

    def in_short(self):
        """Which tests are not there, else all of it."""
        gone = re.findall(r"^ERROR: not found: \S+?/(tests/.+)$", str(self), re.MULTILINE)
        return f"These tests are not there: {', '.join(gone)}" if gone else str(self)


@dataclass(frozen=True)
class Fault:
    name: str
    sentence: str
    tests: list[str]
    patch: Path

    @property
    def is_in_migrations(self):
        return "/migrations/" in self.patch.read_text()

    @classmethod
    def read(cls, patch):
        head = patch.read_text().partition("\n--- ")[0]
        return cls(patch.stem, head.splitlines()[0], re.findall(r"^Test: (.+)$", head, re.MULTILINE), patch)


class ScratchCopy:
    def __init__(self, folder):
        self.folder = folder
        for name in _output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
            if name and (ROOT / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        (folder / ".venv").symlink_to((ROOT / ".venv").resolve())

    def apply(self, patch, *options):
        """Whether it could be."""
        return not subprocess.run(
            ["git", "apply", *options, patch], cwd=self.folder, stderr=subprocess.DEVNULL
        ).returncode

    def red(self, tests, *, has_other_tables=False):
        """Those that fail. Raises CannotRun."""
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"DEMO": "false", "HTTPS": "true"}
        database = "--create-db" if has_other_tables else "--reuse-db"
        # As bin/test does: what it leaves out catches nothing in time.
        options = ["--quick", "-q", "--tb=no", "-rf", "-p", "no:randomly", database]
        command = [".venv/bin/python", "-m", "pytest", *options, *tests]
        told = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        failed = re.findall(r"^FAILED (\S+)", told.stdout, re.MULTILINE)
        if told.returncode > PYTEST_FAILED or (told.returncode and not failed):
            raise CannotRun(told.stdout + told.stderr)
        return [test for test in tests if any(_is_part(each, test) for each in failed)]


def _is_part(failed, test):
    return failed == test or failed.startswith((f"{test}[", f"{test}::"))


def _output(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def verdict(copy, fault):
    """(whether it is caught, in words)"""
    if not copy.apply(fault.patch):
        return False, "no longer applies"
    try:
        red = copy.red(fault.tests, has_other_tables=fault.is_in_migrations)
    except CannotRun as trouble:
        return False, f"could not be tried:\n{trouble}"
    finally:
        copy.apply(fault.patch, "--reverse")
    if missed := [test for test in fault.tests if test not in red]:
        return False, f"NOT CAUGHT by {', '.join(missed)}"
    return True, f"caught by {', '.join(red)}"


def refuse_red(copy, faults):
    """What is red without a fault proves nothing."""
    try:
        red = copy.red(sorted({test for fault in faults for test in fault.tests}))
    except CannotRun as trouble:
        sys.exit(trouble.in_short())
    if red:
        sys.exit(f"Red without any fault: {', '.join(red)}")


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.planted", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a fault; default: all")
    names = parser.parse_args().names or sorted(patch.stem for patch in HERE.glob("*.patch"))
    faults = [Fault.read(HERE / f"{name}.patch") for name in names]
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = ScratchCopy(Path(folder))
        refuse_red(copy, faults)
        is_caught = []
        for fault in faults:
            caught, words = verdict(copy, fault)
            is_caught.append(caught)
            print(f"{fault.name}: {fault.sentence} {words}", flush=True)
    print(f"{sum(is_caught)} of {len(faults)} caught")
    sys.exit(not all(is_caught))


if __name__ == "__main__":
    main()
