"""Prints how long searches of guests and notes take: `python -m benchmarks.people [--folder FOLDER] [--guests 100000]`.

Fills a database of its own with 100,000 guests in six scripts and twice as many notes (a few minutes). Each search of
ours is asked in turn with the same words as they were searched before, by `lower(unaccent())` with a trigram index of
its own, and with a plain look at every row: what an index is worth. Medians in milliseconds.
"""

import argparse
import csv
import datetime as dt
import io
import os
import platform
import random
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from accounts.models import User
from config import embedded_database
from config.database import database_settings
from notes.search.listing import filtered_notes, hits_among
from properties.models import Property
from reservations.models import Guest, Reservation

REPEAT = 15
LIMIT = 500.0  # milliseconds that a person may wait
SEEDED = "people-seeded"
AUTHOR = "benchmark"
SYLLABLES = "ma ri an lo ve son der ka ti us no el ber gen ha ro sa lin do pe schu mül ó é ner wit zak"
GREEK = "Παπα Νίκο Γεω ργί ου δό που λος Σταύ ρος Ελέ νη Κων στα ντί νος ίδης άκη"
ARABIC = "أحمد محمد ناصر فاطمة علي حسن خالد مريم يوسف إبراهيم سعيد عمر ليلى"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
HAN = [chr(0x4E00 + 7 * number) for number in range(900)] + list("小明漏水故障房间")
KANA = [chr(number) for number in range(0x3042, 0x3093)]
WORDS = "the room boiler towel guest late key broken asked for another window water cold taxi at noon please"
# The index and the folding as they were.
BEFORE = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE FUNCTION folded_before(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS 'SELECT pg_catalog.lower(public.unaccent(''public.unaccent''::pg_catalog.regdictionary, $1))';
CREATE TABLE guest_before AS SELECT id, E'\\n ' || folded_before(name) || E' \\n ' || folded_before(email) || E' \\n '
    || regexp_replace(regexp_replace(phone, '\\D', '', 'g'), '^00', '') || E' \\n' AS search FROM reservations_guest;
CREATE INDEX ON guest_before USING gin (search gin_trgm_ops);
CREATE INDEX ON guest_before (id DESC);
ALTER TABLE guest_before ALTER COLUMN search SET STATISTICS 1000;
CREATE TABLE note_before AS SELECT note.id, note.recorded_at, ' ' || folded_before(text) || E' \\n ' AS search
    FROM notes_transcript JOIN notes_voicenote AS note ON note.id = note_id;
CREATE INDEX ON note_before USING gin (search gin_trgm_ops);
CREATE INDEX ON note_before (recorded_at DESC);
"""
GUESTS = [
    ("part of a name", "wit"), ("two words", "schu mari"), ("two letters", "zu"), ("nobody", "xqzw"),
    ("two Han letters", "小明"), ("one Han letter", "明"), ("one kana", "や"), ("Greek, capitals", "ΠΑΠΑΔΌΠΟΥΛΟΣ"),
    ("Arabic", "احمد"), ("decomposed", "e\u0301l"), ("number, international", "+49 170 12345"),
    ("number, national", "0170 12345"), ("whole number", "0170/1234567"),
]  # fmt: skip
NOTES = [
    ("a common word", "boiler"), ("two words", "broken window"), ("two Han letters", "漏水"), ("one Han letter", "漏"),
    ("Greek, capitals", "ΣΤΑΎΡΟΣ"), ("a guest's name", "小明"), ("nothing", "xqzw"),
]  # fmt: skip


def main():
    with filled(__doc__) as (_, guests):
        print_machine(f"{guests:,} guests, {2 * guests:,} notes")
        print("| search | every row | before | ours | ours / before | found before | found |")
        print("|---|---|---|---|---|---|---|")
        for name, words in GUESTS:
            _print(f"guests: {name}, {words}", words, "guest_before", "id DESC", 51, lambda words: _guests(words))
        for name, words in NOTES:
            _print(f"notes: {name}, {words}", words, "note_before", "recorded_at DESC", 26, lambda words: _notes(words))
        _print_duplicates()


@contextmanager
def filled(description):
    """Connected to a filled database as the command line asks for one; yields (its folder, the number of guests)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="keep the database here, and use it again the next time")
    parser.add_argument("--guests", type=int, default=100_000)
    options = parser.parse_args()
    kept = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory(prefix="roomtone-")
    with kept as folder:
        _open_filled(Path(folder), options.guests)
        yield Path(folder), options.guests
        connection.close()


def print_machine(*what):
    """When and where it was measured, and `what`: the line above a table of milliseconds."""
    machine = [f"{os.cpu_count()} cores", platform.machine(), f"load {os.getloadavg()[0]:.1f}"]
    print(f"\n{', '.join([str(dt.datetime.now(dt.UTC).date()), *machine, *what, 'ms'])}\n")


def _print(what, words, table, order, most, ours):
    plain = _asked(f"SELECT * FROM {table} WHERE {{}} ORDER BY {order} LIMIT {most}", words)
    times = [(_timed(_scan, plain), _timed(_indexed, plain), _timed(ours, words)) for _ in range(REPEAT)]
    scan, before, now = (1000 * statistics.median(side) for side in zip(*times, strict=True))
    counts = f"{len(_indexed(plain))} | {len(ours(words))}"
    verdict = "" if now <= LIMIT else ", too slow"
    print(f"| {what} | {scan:.1f} | {before:.1f} | {now:.1f}{verdict} | {now / before:.1f} | {counts} |", flush=True)


def _print_duplicates():
    guests = list(Guest.objects.filter(name__contains="明").exclude(phone="")[:REPEAT])
    took = statistics.median(
        _timed(lambda guest: list(Guest.objects.likely_same_as(guest)[:6]), each) for each in guests
    )
    print(f"| likely duplicates of a guest | – | – | {1000 * took:.1f} | – | – | – |")


def _asked(sql, words):
    parts = words.split()
    if not any(letter.isalpha() for letter in words):
        parts = ["".join(letter for letter in words if letter.isdigit())]
    return sql.format(" AND ".join(["search LIKE '%%' || folded_before(%s) || '%%'"] * len(parts))), [
        word if len(word) > 2 else f" {word}" for word in parts
    ]


def _indexed(question):
    with connection.cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchall()


def _scan(question):
    with connection.cursor() as cursor:
        cursor.execute("SET enable_bitmapscan = off; SET enable_indexscan = off")
        cursor.execute(*question)
        rows = cursor.fetchall()
        cursor.execute("RESET enable_bitmapscan; RESET enable_indexscan")
    return rows


def _guests(words):
    return list(Guest.objects.not_merged().matching(words).newest_first().with_stays()[:51])


def _notes(words):
    return hits_among(filtered_notes(user=User.objects.get(username=AUTHOR), q=words), words, first=0, most=25)[0]


def _timed(work, argument):
    started = time.perf_counter()
    work(argument)
    return time.perf_counter() - started


# --- the database ---


def _open_filled(folder, count):
    """Connect to the database in `folder`, which is filled with `count` guests if it is not yet."""
    folder.mkdir(parents=True, exist_ok=True)
    connection.settings_dict.update(database_settings(embedded_database.start(folder / "postgres")))
    call_command("migrate", verbosity=0)
    if not (folder / SEEDED).exists():
        started = time.perf_counter()
        _fill(count)
        (folder / SEEDED).touch()
        print(f"seeded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    connection.ensure_connection()


def _fill(count):
    random.seed(1)
    hotel = Property.objects.create(kind="hotel", name="Berlin", nightly_rate=100, time_zone="Europe/Berlin")
    author = User.objects.create_user(AUTHOR)
    for start in range(0, count, 5000):
        Guest.objects.bulk_create(
            Guest(name=_name(), phone=_phone(), email=_email()) for _ in range(start, start + 5000)
        )
    guests = list(Guest.objects.values_list("pk", flat=True))
    day = dt.date(2027, 5, 3)
    stays = Reservation.objects.bulk_create(
        [
            Reservation(property=hotel, guest_id=key, arrival=day, departure=day + dt.timedelta(1), status="cancelled",
                        nightly_rates=[100], currency="EUR", reference=f"B{number:07}")
            for number, key in enumerate(guests)
        ], batch_size=5000,
    )  # fmt: skip
    _fill_notes(hotel, author, [stay.pk for stay in stays])
    with connection.cursor() as cursor:
        cursor.execute(BEFORE)
        cursor.execute("VACUUM (FREEZE, ANALYZE)")


def _fill_notes(hotel, author, stays):
    notes, texts, now = io.StringIO(), io.StringIO(), dt.datetime.now(dt.UTC)
    for number in range(2 * len(stays)):
        key, at = uuid.uuid4(), now - dt.timedelta(minutes=number)
        stay = stays[number] if number < len(stays) else ""
        csv.writer(notes).writerow([key, hotel.pk, stay, author.pk, at, "typed", at])
        csv.writer(texts).writerow([key, _text(), at, at, author.pk])
    _copy(notes, "notes_voicenote", "id, property_id, reservation_id, author_id, recorded_at, status, queued_at")
    _copy(texts, "notes_transcript", "note_id, text, created_at, edited_at, edited_by_id")


def _copy(rows, table, columns):
    """By way of a table without constraints; what is not said is as empty as it can be."""
    rows.seek(0)
    fields = [field for field in _model(table)._meta.concrete_fields if not field.generated]
    named = dict.fromkeys(columns.split(", "))
    others = {field.column: _empty(field) for field in fields if field.column not in named}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE sent AS SELECT {columns} FROM {table} LIMIT 0")
        cursor.copy_expert("COPY sent FROM STDIN (FORMAT csv, NULL '')", rows)
        names, values = ", ".join(others), ", ".join(others.values())
        cursor.execute(f"INSERT INTO {table} ({columns}, {names}) SELECT {columns}, {values} FROM sent")
        cursor.execute("DROP TABLE sent")


def _model(table):
    from django.apps import apps

    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _empty(field):
    if field.null:
        return "NULL"
    kind = field.get_internal_type()
    if kind == "JSONField":
        return "'[]'" if field.name == "segments" else "'{}'"
    return "''" if kind in ("CharField", "TextField", "FileField") else "false" if kind == "BooleanField" else "0"


def _name():
    kind = random.random()
    if kind < 0.5:
        return " ".join("".join(random.choices(SYLLABLES.split(), k=random.randint(2, 4))).title() for _ in range(2))
    if kind < 0.75:
        return random.choice(SURNAMES) + "".join(random.choices(HAN, k=2))
    if kind < 0.85:
        return "".join(random.choices(KANA, k=5))
    words, each = (GREEK, 2) if kind < 0.95 else (ARABIC, 1)
    return " ".join("".join(random.choices(words.split(), k=each)) for _ in range(2))


def _phone():
    number = random.randrange(10**7)
    return random.choice(
        ["", f"+49 170 {number:07}", f"0170/{number:07}", f"+351 91{number:07}", f"+33 6 1{number:07}"]
    )


def _email():
    return f"{random.choice(SYLLABLES.split())}{random.randrange(10**6)}@example.com" if random.random() < 0.5 else ""


def _text():
    kind = random.random()
    if kind < 0.6:
        return " ".join(random.choices(f"{WORDS} {SYLLABLES}".split(), k=random.randint(8, 60)))
    if kind < 0.9:
        return "".join(random.choices(HAN + KANA, k=random.randint(20, 160)))
    return " ".join("".join(random.choices(GREEK.split(), k=2)) for _ in range(random.randint(8, 40)))


if __name__ == "__main__":
    main()
