"""A request that waits for news of a note: woken by it, at an end by itself, and never one too many."""

import threading
import time

import pytest

from config.notifications import notify
from notes.engines.fake import FakeEngine
from notes.models import Status, VoiceNote
from notes.transcription.saved_notes import transcribe
from notes.waiting import CHANNEL, MOST_SECONDS, wait_for_change
from tests.concurrency.crowd import at_once
from tests.notes.notes import make_note

pytestmark = pytest.mark.django_db(transaction=True)

LONG = 30.0  # seconds nobody waits for in a test that passes, and longer than a page waits


def is_no_more(note, status):
    return lambda: not VoiceNote.objects.filter(pk=note.pk, status=status).exists()


def test_what_is_new_already_is_not_waited_for():
    begun = time.monotonic()

    assert wait_for_change("any", lambda: True, seconds=LONG)

    assert time.monotonic() - begun < LONG / 2


def test_it_wakes_as_the_note_changes(settings):
    settings.WEB_THREADS = 4
    note, looked = make_note(), threading.Event()

    def is_new():
        looked.set()
        return is_no_more(note, Status.QUEUED)()

    def act(number):
        if number:
            assert looked.wait(LONG)
            VoiceNote.objects.filter(pk=note.pk).update(status=Status.TRANSCRIBED)
            return notify(CHANNEL, str(note.pk))
        begun = time.monotonic()
        return wait_for_change(note.pk, is_new, seconds=LONG), time.monotonic() - begun

    (found, seconds), _ = at_once(2, act)

    assert found
    assert seconds < LONG / 2


def test_a_text_wakes_who_waits_for_it(settings):
    settings.WEB_THREADS = 4
    note, looked = make_note(), threading.Event()

    def is_new():
        looked.set()
        return VoiceNote.objects.filter(pk=note.pk, status=Status.TRANSCRIBED).exists()

    def act(number):
        if number:
            assert looked.wait(LONG)
            return transcribe(str(note.pk), engine=FakeEngine())
        begun = time.monotonic()
        return wait_for_change(note.pk, is_new, seconds=LONG), time.monotonic() - begun

    (found, seconds), _ = at_once(2, act)

    assert found
    assert seconds < LONG / 2


def test_news_of_others_is_no_news(settings):
    settings.WEB_THREADS = 4
    note, looks, looked = make_note(), [], threading.Event()

    def is_new():
        looks.append(1)
        looked.set()
        return False

    def act(number):
        if number:
            assert looked.wait(LONG)
            return [notify(CHANNEL, "another") for _ in range(5)]
        return wait_for_change(note.pk, is_new, seconds=1)

    found, _ = at_once(2, act)

    assert found is False
    assert len(looks) == 3  # at first, when it listens, and at the end


def test_a_change_nobody_spoke_of_is_found_at_the_end(settings):
    settings.WEB_THREADS = 3
    answers = iter([False, False, True])

    assert wait_for_change("any", lambda: next(answers), seconds=1)


def test_two_threads_are_always_left_for_others(settings):
    settings.WEB_THREADS = 4

    def act(number):
        begun = time.monotonic()
        wait_for_change("any", lambda: False, seconds=1.5)
        return time.monotonic() - begun

    waited = [seconds > 1 for seconds in at_once(5, act)]

    assert sum(waited) == 2
    assert wait_for_change("any", iter([False, True]).__next__, seconds=LONG)  # their places are free again


def test_who_waits_longer_than_a_page_leaves_half_of_the_places_to_pages(settings):
    settings.WEB_THREADS = 6

    def act(number):
        begun = time.monotonic()
        wait_for_change("any", lambda: False, seconds=MOST_SECONDS + 0.1)
        return time.monotonic() - begun

    waited = [seconds > 1 for seconds in at_once(5, act)]

    assert sum(waited) == 2
