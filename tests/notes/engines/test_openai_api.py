"""Over real HTTP, against a service that answers as OpenAI, as speaches, and as nobody should."""

import time

import numpy as np
import pytest

from notes.engines import openai_api
from notes.engines.addresses import BadAddress, ServiceAddress
from notes.engines.base import (
    DeadlineExceeded,
    EngineFailed,
    EngineOptions,
    EngineRefused,
    EngineUnavailable,
    EngineUnreachable,
)
from notes.engines.openai_api import OpenAIApi, as_file
from notes.sound import audio, waveform
from notes.speech import destination
from tests.notes.clips import silence, tone
from tests.notes.engines.service import CannedResponse, service

OPENAI = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.0,
    "text": "Room one is ready. The key is here.",
    "segments": [
        {"id": 0, "start": 0.0, "end": 1.1, "text": " Room one is ready.", "avg_logprob": -0.2, "no_speech_prob": 0.01},
        {"id": 1, "start": 1.1, "end": 2.0, "text": " The key is here.", "avg_logprob": -0.3, "no_speech_prob": 0.02},
    ],
    "words": [
        {"word": word, "start": n * 0.25, "end": n * 0.25 + 0.2}
        for n, word in enumerate(["Room", "one", "is", "ready", "The", "key", "is", "here"])
    ],
}
SPEACHES = {
    "language": "en",
    "text": "Room one is ready.",
    "segments": [
        {
            "start": 0.0,
            "end": 1.1,
            "text": " Room one is ready.",
            "avg_logprob": -0.2,
            "no_speech_prob": 0.01,
            "words": [{"start": 0.0, "end": 0.25, "word": " Room", "probability": 0.412}],
        }
    ],
    "words": None,
}
PLAIN = {"text": "Room one is ready."}


@pytest.fixture
def asked():
    with service() as double:
        yield double


@pytest.fixture
def engine(asked, monkeypatch):
    monkeypatch.setattr(openai_api, "hears_voice", lambda samples: True)
    return OpenAIApi(asked.url, model="whisper-1", key="sesame")


def test_it_reads_what_openai_answers(engine, asked):
    asked.answer(CannedResponse(OPENAI))

    heard = engine.transcribe(tone(2))

    assert heard.text == "Room one is ready. The key is here."
    assert [[word.text for word in segment.words] for segment in heard.segments] == [
        ["Room", "one", "is", "ready"],
        ["The", "key", "is", "here"],
    ]
    assert (heard.segments[1].start, heard.segments[1].words[0].start) == (1.1, 1.0)
    assert heard.segments[0].words[0].probability is None
    assert (heard.engine, heard.model, heard.language) == ("openai_api", "whisper-1", "en")


def test_it_reads_what_speaches_answers(engine, asked):
    asked.answer(CannedResponse(SPEACHES))

    [segment] = engine.transcribe(tone(2)).segments

    assert (segment.words[0].text, segment.words[0].probability) == ("Room", 0.412)


def test_half_a_letter_is_left_out(engine, asked):
    words = [{"start": 0.0, "end": 0.5, "word": "\ufffdRoom"}, {"start": 0.5, "end": 0.6, "word": "\ufffd"}]
    asked.answer(
        CannedResponse(
            {
                "text": "\ufffdRoom \ufffd",
                "segments": [{"start": 0, "end": 1, "text": "\ufffdRoom \ufffd"}],
                "words": words,
            }
        )
    )

    [segment] = engine.transcribe(tone(2)).segments

    assert (segment.text, [word.text for word in segment.words]) == ("Room", ["Room"])


def test_it_asks_for_all_that_a_note_shows(engine, asked):
    asked.answer(CannedResponse(OPENAI))

    engine.transcribe(tone(2), EngineOptions(language="en", vocabulary=("Okafor", "Old Mill Loft")))

    [request] = asked.requests
    assert request.path == "/v1/audio/transcriptions"
    assert request.headers["Authorization"] == "Bearer sesame"
    assert request.values("response_format") == ["verbose_json"]
    assert request.values("timestamp_granularities[]") == ["word", "segment"]
    assert (request.values("model"), request.values("language")) == (["whisper-1"], ["en"])
    assert request.values("prompt") == ["Okafor, Old Mill Loft"]


def test_the_sound_arrives_whole(engine, asked, tmp_path):
    asked.answer(CannedResponse(OPENAI))

    engine.transcribe(tone(2))

    [request] = asked.requests
    assert (request.file_name, request.file_type) == ("note.flac", "audio/flac")
    path = tmp_path / "note.flac"
    path.write_bytes(request.file)
    sound = audio.decode(path, max_seconds=10)
    assert sound.seconds == pytest.approx(2, abs=0.05)
    assert waveform.rms(sound.samples) == pytest.approx(waveform.rms(tone(2)), rel=0.1)


def test_without_a_key_it_sends_none(engine, asked):
    asked.answer(CannedResponse(OPENAI))

    OpenAIApi(asked.url, model="whisper-1").transcribe(tone())

    assert "Authorization" not in asked.requests[0].headers


@pytest.mark.parametrize("status", [400, 422])
def test_it_asks_for_less_when_a_model_gives_only_text(engine, asked, status):
    asked.answer(
        lambda request: (
            CannedResponse(PLAIN) if "json" in request.values("response_format") else CannedResponse({}, status)
        )
    )

    heard = [engine.transcribe(tone(2)), engine.transcribe(tone(2))]

    assert [each.text for each in heard] == ["Room one is ready."] * 2
    assert heard[0].segments[0].words == ()
    assert (heard[0].segments[0].start, heard[0].segments[0].end) == (0, 2)
    formats = [request.values("response_format")[0] for request in asked.requests]
    assert formats == ["verbose_json", "verbose_json", "json", "json"]  # what it takes is remembered


def test_it_takes_bare_text_when_there_is_nothing_else(engine, asked):
    def answer(request):
        takes = request.values("response_format") == ["text"]
        return (
            CannedResponse(b"Room one is ready.\n", headers={"Content-Type": "text/plain"})
            if takes
            else CannedResponse({}, 400)
        )

    asked.answer(answer)

    assert engine.transcribe(tone()).text == "Room one is ready."


def test_a_service_that_takes_no_format_refuses_the_recording(engine, asked):
    asked.answer(CannedResponse({}, 400))

    with pytest.raises(EngineRefused):
        engine.transcribe(tone())


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (401, EngineUnavailable),
        (403, EngineUnavailable),
        (404, EngineUnavailable),
        (413, EngineRefused),
        (415, EngineRefused),
        (429, EngineUnreachable),
        (500, EngineUnreachable),
        (503, EngineUnreachable),
    ],
)
def test_it_knows_whose_trouble_a_status_is(engine, asked, status, trouble):
    asked.answer(CannedResponse({"error": {"message": "a name that was spoken"}}, status))

    with pytest.raises(trouble) as raised:
        engine.transcribe(tone())

    assert "spoken" not in str(raised.value)
    assert len(asked.requests) == 1


def test_it_waits_once_when_the_service_asks_for_a_moment(engine, asked):
    asked.answer(CannedResponse({}, 429, {"Retry-After": "0"}), CannedResponse(OPENAI))

    assert engine.transcribe(tone(2)).text
    assert len(asked.requests) == 2


@pytest.mark.parametrize("pause", ["3600", "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "nan"])
def test_it_does_not_wait_for_long(engine, asked, pause):
    asked.answer(CannedResponse({}, 429, {"Retry-After": pause}))

    with pytest.raises(EngineUnreachable):
        engine.transcribe(tone())

    assert len(asked.requests) == 1


def test_it_goes_nowhere_else(engine, asked):
    asked.answer(CannedResponse(b"", 307, {"Location": "http://127.0.0.1:9/elsewhere"}))

    with pytest.raises(EngineUnavailable):
        engine.transcribe(tone())

    assert len(asked.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><p>Bad gateway",
        b'{"text": "Room one',
        b"[]",
        b"null",
        {"segments": []},
        OPENAI | {"segments": [{"text": "Room one."}]},
        OPENAI | {"words": [{"word": "Room", "start": "soon", "end": 1}]},
    ],
)
def test_it_fails_in_its_own_words_on_what_is_no_answer(engine, asked, body):
    asked.answer(CannedResponse(body))

    with pytest.raises(EngineFailed) as raised:
        engine.transcribe(tone())

    assert "Room" not in str(raised.value)


def test_an_answer_that_breaks_off_is_no_answer(engine, asked):
    asked.answer(CannedResponse(OPENAI, cut=100))

    with pytest.raises(EngineUnreachable):
        engine.transcribe(tone())


def test_an_answer_without_end_is_given_up(engine, asked, monkeypatch):
    monkeypatch.setattr(openai_api, "BYTES_PER_ANSWER", 1000)
    asked.answer(CannedResponse(b" " * 2**17))

    with pytest.raises(EngineFailed):
        engine.transcribe(tone())


def test_nobody_there_is_unreachable(engine):
    nobody = OpenAIApi("http://127.0.0.1:9/v1", model="whisper-1")  # the port of "discard"

    with pytest.raises(EngineUnreachable):
        nobody.transcribe(tone())


def test_it_stops_waiting_at_its_deadline(engine, asked):
    asked.answer(lambda request: asked.release.wait(10) and CannedResponse(OPENAI))

    with pytest.raises(DeadlineExceeded):
        engine.transcribe(tone(), EngineOptions(deadline=time.monotonic() + 0.3))


def test_it_does_not_wait_for_ever_for_one_byte_after_the_other(engine, asked):
    asked.answer(CannedResponse(OPENAI, drip_seconds=0.05))

    with pytest.raises(DeadlineExceeded):
        engine.transcribe(tone(), EngineOptions(deadline=time.monotonic() + 0.5))


# --- what nobody said ---------------------------------------------------------------------------------------------


def test_it_does_not_send_silence(engine, asked, monkeypatch):
    monkeypatch.setattr(openai_api, "hears_voice", lambda samples: False)

    assert engine.transcribe(silence(3)).segments == ()
    assert asked.requests == []


@pytest.mark.parametrize(
    ("rates", "text"),
    [
        ({"no_speech_prob": 0.1, "avg_logprob": -0.3}, "Woohoo!"),
        ({"no_speech_prob": 0.57, "avg_logprob": -0.97}, ""),
        ({}, ""),
    ],
)
def test_where_no_voice_was_detected_it_believes_only_rated_speech(engine, asked, monkeypatch, rates, text):
    monkeypatch.setattr(openai_api, "hears_voice", lambda samples: False)
    asked.answer(CannedResponse({"text": "Woohoo!", "segments": [{"start": 0, "end": 1, "text": "Woohoo!"} | rates]}))

    assert engine.transcribe(tone(loudness=0.05)).text == text


def test_it_drops_what_a_model_makes_of_noise_and_loops(engine, asked):
    noise = {"start": 0, "end": 1, "text": "It's nice.", "no_speech_prob": 0.7, "avg_logprob": -0.66}
    loop = [{"start": n, "end": n + 1, "text": "You"} for n in range(1, 4)]
    asked.answer(CannedResponse(PLAIN | {"segments": [noise, *loop, {"start": 4, "end": 5, "text": "Room one."}]}))

    assert engine.transcribe(tone(5)).text == "Room one."


def test_voice_detection_knows_a_tone_from_a_voice():
    assert not openai_api.hears_voice(tone(2))
    assert not openai_api.hears_voice(silence(0))


# --- where it goes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "destination"),
    [
        ("https://api.openai.com/v1", "api.openai.com"),
        ("https://203.0.113.7:8443/v1/", ""),  # documentation addresses count as private
        ("https://8.8.8.8/v1", "8.8.8.8"),
        ("http://localhost:8000/v1", ""),
        ("http://speaches:8000/v1", ""),
        ("http://192.168.1.20/v1", ""),
        ("http://[fd00::1]:8000/v1", ""),
        ("http://speech.lan/v1", ""),
        ("http://speech.home.arpa/v1", ""),
    ],
)
def test_it_names_a_host_outside_the_local_network(url, destination):
    assert ServiceAddress.parse(url).destination == destination


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.openai.com/v1",
        "ftp://api.openai.com/v1",
        "http://api.openai.com/v1",
        "https://user:key@api.openai.com/v1",
        "https://api.openai.com/v1?key=1",
        "https://api.openai.com:port/v1",
        "https://[::1/v1",
    ],
)
def test_it_takes_no_doubtful_address(url, settings):
    with pytest.raises(BadAddress):
        ServiceAddress.parse(url)

    settings.TRANSCRIPTION_ENGINE, settings.TRANSCRIPTION_API_URL = "openai_api", url
    settings.TRANSCRIPTION_API_MODEL = "whisper-1"
    with pytest.raises(EngineUnavailable, match="TRANSCRIPTION_API_URL"):
        OpenAIApi(url, model="whisper-1")
    assert destination() == ""


def test_it_wants_to_know_the_model(asked):
    with pytest.raises(EngineUnavailable, match="TRANSCRIPTION_API_MODEL"):
        OpenAIApi(asked.url, model="")


def test_a_long_recording_is_sent_smaller(engine, asked, monkeypatch, tmp_path):
    monkeypatch.setattr(openai_api, "BYTES_PER_UPLOAD", 20_000)
    asked.answer(CannedResponse(OPENAI))

    engine.transcribe(noise(4))

    [request] = asked.requests
    assert (request.file_name, request.file_type) == ("note.ogg", "audio/ogg")
    assert len(request.file) < 4 * 5_000  # 25 MB are more than an hour
    path = tmp_path / "note.ogg"
    path.write_bytes(request.file)
    assert audio.decode(path, max_seconds=10).seconds == pytest.approx(4, abs=0.05)


def test_what_does_not_fit_at_all_is_refused(monkeypatch):
    monkeypatch.setattr(openai_api, "BYTES_PER_UPLOAD", 100)

    with pytest.raises(EngineRefused):
        as_file(tone(1))


def noise(seconds):
    return np.random.default_rng(1).normal(scale=0.1, size=int(seconds * audio.SAMPLE_RATE)).astype(np.float32)
