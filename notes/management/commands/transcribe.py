import json
import sys
from dataclasses import asdict, replace

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from notes.engines.base import EngineError, EngineOptions, EngineUnavailable
from notes.sound import audio
from notes.speech import get_engine
from notes.transcriber import tracks

# An operator's file may be longer than a note. So much sound takes a gigabyte of memory.
LONGEST_SECONDS = 4 * 60 * 60
# For files longer than this, the progress is printed in steps of so many percent.
LONG_SECONDS = 60
STEP_PERCENT = 10

_WORDS = {
    audio.NotAudio: "is not a recording.",
    audio.NoSound: "has no sound track.",
    audio.UnknownCodec: "holds {what}, which cannot be read here; save it as WAV, M4A or MP3.",
    audio.Protected: "is locked by its seller.",
    audio.Empty: "holds no sound.",
    audio.IsVideo: "is a video.",
    audio.Unreadable: "is damaged; nothing of it can be decoded.",
    audio.TooLong: f"is longer than {LONGEST_SECONDS // 3600} hours.",
}


class Command(BaseCommand):
    help = "Print what is said in recordings. Ends with status 1 when one of them cannot be read."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print a list with segments, words, times and model")
        parser.add_argument("--language", default=settings.WHISPER_LANGUAGE, help="such as en; default: as spoken")
        parser.add_argument("--vocabulary", default="", help='names that may occur, such as "Okafor, Old Mill Loft"')

    def handle(self, *, files, language, vocabulary, **options):
        names = tuple(name.strip() for name in vocabulary.split(",") if name.strip())
        engine = loaded_engine()
        engine_options = EngineOptions(language=language, vocabulary=names)
        results = [self._transcribed(engine, file, engine_options) for file in files]
        transcribed = [result for result in results if result]
        if options["json"]:
            self.stdout.write(json.dumps(transcribed, ensure_ascii=False, indent=2))
        else:
            self._print_texts(transcribed, with_names=len(files) > 1)
        if len(transcribed) < len(files):
            sys.exit(1)

    def _print_texts(self, transcribed, *, with_names):
        for result in transcribed:
            name = f"{result['file']}: " if with_names else ""
            self.stdout.write(name + result["text"])

    def _transcribed(self, engine, file, options):
        """What `--json` prints for the file; None, with a line on stderr, when it cannot be read."""
        try:
            sounds = tracks.distinct_tracks(file, start=0.0, max_seconds=LONGEST_SECONDS)
            sound = max(sounds, key=lambda sound: sound.seconds)
            said = tracks.transcribe(engine, sounds, replace(options, on_progress=self._progress(file, sound.seconds)))
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}.")
        except audio.BadAudio as error:
            self.stderr.write(f"{file} {_WORDS[type(error)].format(what=error)}")
        except EngineError as error:
            self.stderr.write(f"{file}: the engine stopped with an error ({error}).")
        else:
            if not said.text:
                self.stderr.write(f"{file}: no words found.")
            return _as_json(file, sounds, said)
        return None

    def _progress(self, file, whole):
        printed = 0

        def print_progress(seconds):
            nonlocal printed
            percent = int(100 * min(seconds / whole, 1))
            if whole > LONG_SECONDS and percent >= printed + STEP_PERCENT:
                printed = percent
                self.stderr.write(f"{file}: {percent} %", lambda line: line)

        return print_progress


def loaded_engine():
    """The engine of the settings, with its model loaded. Raises CommandError."""
    try:
        engine = get_engine()
        engine.load()
    except EngineUnavailable as error:
        message = f"The speech engine cannot start: {error}. See TRANSCRIPTION_ENGINE and WHISPER_MODEL in env.example."
        raise CommandError(message) from None
    return engine


def _as_json(file, sounds, said):
    segments = [asdict(segment) for segment in said.segments]
    return {
        "file": file,
        "text": said.text,
        "segments": segments,
        "words": [word for segment in segments for word in segment["words"]],
        "language": said.language,
        "seconds": round(max(sound.seconds for sound in sounds), 3),
        "is_damaged": any(sound.is_damaged for sound in sounds),
        "took_seconds": said.took_seconds,
        "engine": said.engine,
        "model": said.model,
    }
