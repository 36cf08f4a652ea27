"""When clocks change is said by the pinned tzdata wheel, on every machine."""

import subprocess
import sys
import zoneinfo
from importlib.resources import files

from tests.house import ROOT
from tests.processes import environment_of_this_test

ASK = """
import datetime as dt, zoneinfo
zoneinfo.ZoneInfo("Europe/Berlin")  # a library that was first
import config.settings
print(dt.datetime(2027, 5, 3, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset())
"""


def test_a_machines_own_data_is_not_asked(tmp_path):
    """Here Berlin's clocks are Tokyo's."""
    (tmp_path / "Europe").mkdir()
    tokyo = files("tzdata") / "zoneinfo" / "Asia" / "Tokyo"
    (tmp_path / "Europe" / "Berlin").write_bytes(tokyo.read_bytes())
    environment = environment_of_this_test(tmp_path, PYTHONTZPATH=str(tmp_path))

    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.stdout.strip() == "2:00:00", done.stderr


def test_nor_is_it_asked_here():
    assert zoneinfo.TZPATH == ()
