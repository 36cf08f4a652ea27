"""One search over what was said and typed, guests and references."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from notes import editing
from notes.models import Status, Transcript, VoiceNote
from notes.search.hits import hit
from notes.search.matching import matching, words_of
from reservations.models import Guest, Reservation
from tests.factories import make_guest, make_hotel, make_reservation, make_user
from tests.notes.notes import make_note, make_transcript, make_typed

pytestmark = pytest.mark.django_db


def texts(q, notes=None):
    """Of the notes that are found, the best first."""
    ranked = matching(VoiceNote.objects.not_deleted() if notes is None else notes, q)
    return [note.transcript.text if hasattr(note, "transcript") else "" for note in ranked.select_related("transcript")]


def timed(*words):
    """Segments of these words, one a second."""
    each = [{"start": float(n), "end": n + 1.0, "text": word, "probability": 0.9} for n, word in enumerate(words)]
    return [{"start": 0.0, "end": float(len(words)), "text": " ".join(words), "words": each}]


class TestWhatIsFound:
    @pytest.fixture(autouse=True)
    def notes(self, alice):
        guest = make_guest("Marta Wójcik", phone="+351 912 345 678", email="marta@example.com")
        stay = make_reservation(guest=guest, reference="RT-7K3QX")
        make_typed("The boiler in room 204 was reset.", reservation=stay)
        other = make_reservation(guest="Ivan Petrov", reference="RT-2B4C6")
        make_note(transcript="Crème brûlée for the café, please.", reservation=other)
        make_typed("100 % of the towels_are gone\\.", property=make_hotel())

    BOILER, CREME, TOWELS = (
        "The boiler in room 204 was reset.",
        "Crème brûlée for the café, please.",
        "100 % of the towels_are gone\\.",
    )

    @pytest.mark.parametrize(
        ("q", "expected"),
        [
            ("boiler", [BOILER]),
            ("BOIL", [BOILER]),
            ("oile", [BOILER]),
            ("reset boiler", [BOILER]),
            ("creme brulee", [CREME]),
            ("CAFÉ", [CREME]),
            ("cafe\u0301", [CREME]),
            ("wojcik", [BOILER]),
            ("marta boiler", [BOILER]),
            ("7k3 reset wójc", [BOILER]),
            ("RT-7K3QX", [BOILER]),
            ("rt-7k", [BOILER]),
            ("7k3qx", [BOILER]),
            ("+351 912 345 678", [BOILER]),
            ("912345", [BOILER]),
            ("marta@example", [BOILER]),
            ("204", [BOILER]),
            ("345", []),  # a part of a number that nobody meant
            ("example", []),
            ("boiler petrov", []),
            ("in", [BOILER]),  # two letters: the beginning of a word
            ("et", []),
            ("room 2", [BOILER]),
            ("100 %", [TOWELS]),
            ("%", []),
            ("%%", []),
            ("__", []),
            ("s_a", [TOWELS]),
            ("e\\.", [TOWELS]),
            (r"\m", []),
            ("[a-z]+", []),
            ("(", []),
            ("b", []),
            ("", []),
            ("   ", []),
            ("'; DROP TABLE", []),
            ("🛏🛏🛏", []),
            ("x " * 500, []),
        ],
    )
    def test_all_words_in_part_blind_to_accents_in_any_place(self, q, expected):
        assert texts(q) == expected

    @pytest.mark.parametrize(
        ("text", "searches"),
        [
            ("房间漏水", ["漏水", "房", "水"]),
            ("部屋のエアコンが故障", ["故障", "えあこん", "部屋"]),
            ("Έχουμε ξένους, ρωτήστε τους", ["ΤΟΥΣ", "ξένους", "ΞΕΝΟΥΣ", "τους"]),
            ("ΡΩΤΗΣΤΕ ΤΟΥΣ ΞΕΝΟΥΣ", ["τους", "ξένους"]),
            ("سأل أحمد عن الغرفة", ["احمد", "الغرفه"]),
            ("Кран тече, Йосип знає", ["йосип", "И\u0306ОСИП"]),
            ("열쇠를 잃어버렸다", ["열쇠", "쇠"]),
        ],
    )
    def test_words_of_any_script_are_found_and_marked(self, text, searches):
        note = make_typed(text)

        for q in searches:
            assert texts(q) == [text], q
            assert any(is_hit for _, is_hit in hit(note, words_of(q)).text), q

    def test_a_national_number_finds_the_notes_of_a_guest(self):
        stay = make_reservation(make_hotel(time_zone="Europe/Berlin"), guest=make_guest(phone="+49 170 1234567"))
        make_typed("Late.", reservation=stay)

        assert texts("0170/1234567") == texts("+49 (0)170 1234567") == ["Late."]

    def test_what_is_deleted_or_erased_is_never_found(self, alice):
        for note in VoiceNote.objects.all():
            if hasattr(note, "transcript") and "boiler" in note.transcript.text:
                editing.delete(note=note, actor=alice)
        assert texts("boiler") == []
        assert texts("wojcik") == []

        VoiceNote.objects.update(text_erased_at=timezone.now())
        assert texts("creme") == []
        assert texts("petrov") == []

    def test_only_among_the_notes_that_are_asked_for(self):
        assert texts("boiler", VoiceNote.objects.filter(reservation=None)) == []

    def test_what_was_heard_at_first_is_still_found(self):
        note = make_note()
        make_transcript(
            note, text="A cot for the baby.", machine_text="A cot for the baby.", earlier_text="A cart for it."
        )

        assert texts("cart") == ["A cot for the baby."]

    def test_a_note_without_text_is_found_by_its_guest(self):
        make_note(reservation=make_reservation(guest="Zelda Quist"))

        assert texts("zelda") == [""]


class TestRanking:
    def test_whole_word_then_beginning_then_part_and_text_before_guest(self):
        now = timezone.now()
        for minutes, (text, guest) in enumerate(
            [
                ("anchovy", "Ivan"),
                ("chovy", "Ivan"),
                ("x", "Anna Chovsky"),
                ("chov", "Ivan"),
                ("y", "Anna Chov"),
                ("z", "Anna Machov"),
            ]
        ):
            said = now - dt.timedelta(minutes=minutes)
            make_typed(text, reservation=make_reservation(guest=guest), recorded_at=said)

        assert texts("chov") == ["chov", "y", "chovy", "x", "anchovy", "z"]

    def test_the_newest_of_the_same_rank_first(self):
        now = timezone.now()
        for days in (2, 0, 1):
            make_typed(f"towels {days}", recorded_at=now - dt.timedelta(days=days))

        assert texts("towels") == ["towels 0", "towels 1", "towels 2"]

    def test_with_several_words_each_counts(self):
        make_typed("boilers and towels")
        make_typed("the boiler and a towel")

        assert texts("towel boiler") == ["the boiler and a towel", "boilers and towels"]


class TestAHit:
    def hit(self, note, q):
        note = VoiceNote.objects.with_text().get(pk=note.pk)
        return hit(note, words_of(q))

    def marks(self, pieces):
        return [text for text, is_hit in pieces if is_hit]

    def test_it_plays_from_the_first_of_the_words(self):
        text = "The guest wants two towels now"
        note = make_note()
        make_transcript(note, text=text, machine_text=text, segments=timed(*text.split()))

        shown = self.hit(note, "towels two")

        assert shown.seconds == 3.0
        assert shown.fragment == "#t=3.0"
        assert self.marks(shown.text) == ["two", "towels"]

    def test_what_people_corrected_is_found_in_the_sound_all_the_same(self):
        note = make_note()
        make_transcript(
            note,
            text="Room 204 wants towels.",
            machine_text="Rum wants towels",
            segments=timed("Rum", "wants", "towels"),
            edited_at=timezone.now(),
        )

        assert self.hit(note, "towels").seconds == 2.0
        assert self.hit(note, "204").seconds is None

    def test_an_engine_without_words_says_the_segment(self):
        note = make_note()
        segments = [{"start": 0.0, "end": 4.0, "text": "One thing."}, {"start": 4.0, "end": 8.0, "text": "Two towels."}]
        make_transcript(note, text="One thing. Two towels.", machine_text="One thing. Two towels.", segments=segments)

        assert self.hit(note, "towel").seconds == 4.0

    def test_a_word_in_two_pieces_is_one(self):
        note = make_note()
        make_transcript(
            note, text="A late check-out", machine_text="A late check-out", segments=timed("A", "late", "check", "-out")
        )

        assert self.hit(note, "check-out").seconds == 2.0

    def test_what_stands_only_in_the_name_plays_from_the_beginning(self):
        note = make_note(
            transcript="Two towels.", reservation=make_reservation(guest="Marta Wójcik", reference="RT-7K3QX")
        )

        shown = self.hit(note, "wojc 7k3")

        assert shown.seconds is None
        assert shown.fragment == ""
        assert self.marks(shown.guest) == ["Wójc"]
        assert self.marks(shown.reference) == ["7K3"]
        assert self.marks(shown.text) == []

    def test_a_typed_note_is_read(self):
        assert self.hit(make_typed("Two towels."), "towels").seconds is None

    def test_a_long_text_is_cut_around_the_first_hit(self):
        note = make_typed("before " * 100 + "the boiler " + "after " * 100)

        shown = self.hit(note, "boiler")

        text = "".join(text for text, _ in shown.text)
        assert self.marks(shown.text) == ["boiler"]
        assert text.startswith("… before before")
        assert text.endswith("after …")
        assert len(text) < 260
        assert not shown.is_whole

    @pytest.mark.parametrize("text", ["x" * 1000, "x" * 500 + "boiler" + "x" * 500, "boiler" + "x" * 1000])
    def test_a_text_without_spaces_is_cut_somewhere(self, text):
        shown = self.hit(make_typed(text), "boiler")

        assert len("".join(piece for piece, _ in shown.text)) < 260
        assert self.marks(shown.text) == (["boiler"] if "boiler" in text else [])

    def test_a_short_text_is_whole(self):
        assert self.hit(make_typed("Two towels."), "two").is_whole

    def test_what_was_heard_at_first_is_shown_as_that(self):
        note = make_note()
        make_transcript(note, text="A cot.", machine_text="A cot.", earlier_text="A cart.")

        shown = self.hit(note, "cart")

        assert self.marks(shown.earlier) == ["cart"]
        assert self.marks(shown.text) == []
        assert self.hit(note, "cot").earlier == []


def fill(many=5000):
    """Guests with a stay each, and a note on each stay."""
    kind = make_reservation(status="cancelled")
    guests = Guest.objects.bulk_create(Guest(name=f"Guest {n}", phone=f"+351 9{n:05}") for n in range(many))
    copied = ("property_id", "arrival", "departure", "status", "nightly_rates", "currency")
    facts = {name: getattr(kind, name) for name in copied}
    stays = Reservation.objects.bulk_create(
        Reservation(reference=f"RT-{n:05}", guest=guest, **facts) for n, guest in enumerate(guests)
    )
    author, now = make_user("tom"), timezone.now()
    notes = VoiceNote.objects.bulk_create(
        VoiceNote(
            property_id=kind.property_id,
            reservation=stay,
            author=author,
            status=Status.TYPED,
            recorded_at=now - dt.timedelta(minutes=n),
        )
        for n, stay in enumerate(stays)
    )
    Transcript.objects.bulk_create(
        Transcript(note=note, text=f"Towels for room {note.pk.hex[:8]}", took_seconds=0, edited_at=now)
        for note in notes
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('transcript_by_part_of_text')")
        cursor.execute("SELECT gin_clean_pending_list('guest_by_part_of_search')")
        cursor.execute("ANALYZE notes_voicenote, notes_transcript, reservations_guest, reservations_reservation")


def test_rare_words_are_found_by_the_indexes_and_common_ones_newest_first():
    """A hundred thousand notes are searched in some milliseconds only so."""
    make_typed("A very rare zugzwang.", reservation=make_reservation(guest="Quentin Xylander", reference="RT-7K3QX"))
    fill()

    def plan(q):
        return matching(VoiceNote.objects.not_deleted(), q)[:26].explain()

    for q in ("zugzwang", "zug", "rare zugzw", "xylander", "quentin zug", "zz", "qxz"):
        assert "transcript_by_part_of_text" in plan(q), q
        assert "guest_by_part_of_search" in plan(q), q
        assert "Seq Scan" not in plan(q), plan(q)
    assert "note_by_age" in plan("towels")
