import collections
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from notes.engines.base import EngineError, EngineOptions
from notes.management.commands.transcribe import LONGEST_SECONDS, loaded_engine
from notes.models import Transcript
from notes.sound import audio
from notes.sound.levels import leveled
from notes.transcription.accuracy import Errors, clips_in, word_errors


@dataclass
class Tally:
    """What is counted for the notes that one model has transcribed."""

    notes: int = 0
    edited: int = 0
    errors: Errors = field(default_factory=Errors)
    thumbs: collections.Counter[int | None] = field(default_factory=collections.Counter)

    def count(self, transcript):
        self.notes += 1
        self.thumbs[transcript.rating] += 1
        if transcript.edited_at:
            self.edited += 1
            language = transcript.language or "en"
            self.errors += word_errors(transcript.text, transcript.machine_text, language=language)


class Command(BaseCommand):
    help = """
    Say how often machines mishear: by what staff changed in the texts of notes, or with --folder by recordings whose
    words are known. Nothing that was said is printed. Word errors are counted with Whisper's normaliser, so that
    commas and ways to write numbers do not matter; notes that nobody edited are counted, but say nothing of errors.
    """
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--folder",
            type=Path,
            help="hear the recordings of this folder; its manifest.tsv has the columns file, language and reference",
        )
        parser.add_argument("--language", default="", help="such as en: only that language's recordings of the folder")

    def handle(self, *, folder, language, **options):
        if folder:
            self._transcribe(folder, language)
        else:
            self._compare()

    def _compare(self):
        tallies: dict[str, Tally] = collections.defaultdict(Tally)
        for transcript in Transcript.objects.exclude(engine="").exclude(machine_text="").iterator():
            tallies[f"{transcript.engine} {transcript.model}"].count(transcript)
        if not tallies:
            self.stdout.write("No note was written down by a machine yet.")
        for model, tally in sorted(tallies.items()):
            self.stdout.write(
                f"{model}: {tally.notes} notes, {tally.edited} edited; {_in_words(tally.errors)} in those; "
                f"thumbs up {tally.thumbs[1]}, down {tally.thumbs[-1]}"
            )

    def _transcribe(self, folder, language):
        clips = [clip for clip in _listed(folder) if not language or clip.language == language]
        engine, total, untranscribed = loaded_engine(), Errors(), 0
        for clip in clips:
            errors = self._errors(engine, clip, clip.path.relative_to(folder))
            total, untranscribed = total + (errors or Errors()), untranscribed + (errors is None)
        self.stdout.write(
            f"Total: {_in_words(total)}, {len(clips)} recordings"
            + f", {untranscribed} untranscribed" * bool(untranscribed)
        )

    def _errors(self, engine, clip, name):
        """The word errors of a clip; None, with a line on stderr, when it cannot be transcribed."""
        language = "" if clip.language == "-" else clip.language
        try:
            sound = audio.decode(clip.path, max_seconds=LONGEST_SECONDS)
            transcription = engine.transcribe(leveled(sound.samples), EngineOptions(language=language))
        except (OSError, audio.BadAudio, EngineError) as error:
            self.stderr.write(f"{name}: not heard ({type(error).__name__})")
            return None
        errors = word_errors(clip.reference, transcription.text, language=language or "en")
        self.stdout.write(f"{name}: {_in_words(errors)}")
        return errors


def _listed(folder):
    try:
        return list(clips_in(folder))
    except (OSError, KeyError) as error:
        words = f"{folder} has no manifest.tsv with the columns file, language and reference."
        raise CommandError(words) from error


def _in_words(errors):
    return f"{errors.count} errors in {errors.words} words ({errors.rate:.1%})"
