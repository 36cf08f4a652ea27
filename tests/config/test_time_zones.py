"""When clocks change is said by the pinned tzdata wheel, on every machine."""

import subprocess
import sys
import zoneinfo
from importlib.resources import files

from tests.processes import environment_of_this_test
from tests.server import ROOT

ASK = """
import datetime as dt, zoneinfo
zoneinfo.ZoneInfo("Europe/Berlin")  # a library that was first
import config.settings
print(dt.datetime(2027, 5, 3, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset())
"""


def test_zones_of_the_machine_are_not_read(tmp_path):
    """Here Berlin's clocks are Tokyo's."""
    (tmp_path / "Europe").mkdir()
    tokyo = files("tzdata") / "zoneinfo" / "Asia" / "Tokyo"
    (tmp_path / "Europe" / "Berlin").write_bytes(tokyo.read_bytes())
    environment = environment_of_this_test(tmp_path, PYTHONTZPATH=str(tmp_path))

    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.stdout.strip() == "2:00:00", done.stderr


def test_this_process_reads_no_zones_of_the_machine():
    assert zoneinfo.TZPATH == ()
