"""A transcriber that works in the process that calls it: in the transcription subprocess, and in tests."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from notes.engines.base import Engine, EngineOptions, EngineOutOfMemory, Progress, Segment, Transcription
from notes.sound import audio
from notes.sound.levels import is_hard_to_hear, leveled
from notes.transcriber import tracks
from notes.transcriber.base import DecodedAudio, TranscribedAudio, TranscriptionRequest, allowance
from notes.transcriber.recording_files import decode_all, first


@dataclass(frozen=True)
class InProcessTranscriber:
    engine: Engine
    pace: float = 1.0  # as in TranscriberConfig

    def load(self) -> None:
        self.engine.load()

    def transcribe(
        self,
        request: TranscriptionRequest,
        *,
        on_decoded: Callable[[DecodedAudio], None] | None = None,
        on_progress: Progress | None = None,
    ) -> TranscribedAudio | None:
        try:
            sounds = _sounds(request)
            if not sounds:
                return None
            longest = max(sounds, key=lambda sound: sound.end)
            is_damaged = any(sound.is_damaged for sound in sounds)
            decoded = DecodedAudio(longest.start, longest.end, tracks.loudest(sounds), is_damaged)
            if on_decoded:
                on_decoded(decoded)
            transcription = tracks.transcribe(
                self.engine,
                sounds,
                EngineOptions(
                    language=request.language,
                    vocabulary=request.vocabulary,
                    deadline=min(request.deadline, time.monotonic() + allowance(longest.seconds, self.pace)),
                    on_progress=on_progress and (lambda seconds: on_progress(longest.start + seconds)),
                ),
                level_before=request.level_before,
            )
        except MemoryError as error:
            raise EngineOutOfMemory from error
        return TranscribedAudio(
            transcription=_shifted(transcription, longest.start),
            start=decoded.start,
            end=decoded.end,
            loudness=decoded.loudness,
            is_damaged=decoded.is_damaged,
            is_hard_to_hear=_is_hard_to_hear(sounds),
        )


def _is_hard_to_hear(sounds: list[audio.Sound]) -> bool:
    levels = tracks.loudest(sounds, digits=7)
    return any(sound.is_lost_in_one_loudspeaker for sound in sounds) or is_hard_to_hear(levels)


def _sounds(request: TranscriptionRequest) -> list[audio.Sound]:
    """The sound of each track of a single file, or of all files together; none when there is no pause yet."""
    if request.until_pause:
        piece = _until_pause(request)
        return [piece] if piece else []
    if len(request.paths) == 1:
        return tracks.distinct_tracks(request.paths[0], start=request.start, max_seconds=request.max_seconds)
    return [decode_all(request.paths, start=request.start, max_seconds=request.max_seconds)]


def _until_pause(request: TranscriptionRequest) -> audio.Sound | None:
    from notes.transcriber import pauses  # voice detection takes long to import

    stop = request.start + pauses.LONGEST_SECONDS
    sound = decode_all(request.paths, start=request.start, stop=stop, max_seconds=request.max_seconds)
    length = pauses.cut(leveled(sound.samples, before=request.level_before))
    return first(sound, length) if length else None


def _shifted(transcription: Transcription, seconds: float) -> Transcription:
    """The transcription with `seconds` added to all times."""
    return (
        replace(transcription, segments=tuple(_shifted_segment(segment, seconds) for segment in transcription.segments))
        if seconds
        else transcription
    )


def _shifted_segment(segment: Segment, seconds: float) -> Segment:
    words = tuple(
        replace(word, start=_shifted_time(word.start, seconds), end=_shifted_time(word.end, seconds))
        for word in segment.words
    )
    return replace(
        segment, start=_shifted_time(segment.start, seconds), end=_shifted_time(segment.end, seconds), words=words
    )


def _shifted_time(moment: float, seconds: float) -> float:
    return round(moment + seconds, 2)
