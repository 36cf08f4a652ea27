"""From recordings to files that browsers play, and find any place in. Packets are copied where they can be."""

import contextlib
import itertools
from fractions import Fraction

import av
import numpy as np

from notes.sound.audio import SAMPLE_RATE, mono, probe
from notes.sound.chains import parts
from notes.sound.containers import Container
from notes.sound.levels import leveled
from notes.sound.mixing import together
from notes.sound.opening import BadAudio, Reader, TooLong, Unreadable, opened, track_starts
from notes.sound.packets import Clock
from notes.sound.playing import INDEXED

_CONTAINERS = {"webm": Container.WEBM, "mp4": Container.MP4}
# Between a recording and its copy: the silence that encoders put before a sound is counted or not.
_APART_SECONDS = 0.1
_FULL_SCALE = 32_767  # of 16-bit samples
# Speech has nothing above, and every browser plays it, the oldest iPad too.
_ENCODED_RATE, _ENCODED_BIT_RATE, _ENCODED_FRAME = 24_000, 64_000, 1024


class NotCopied(Exception):
    """The packets cannot be copied, or not so that they sound as before."""


def copy(source, target, *, found):
    """The packets of `source`, each where the one before it ended, with an index. `found` is what `probe` said of it.

    Returns the Container. Raises NotCopied.
    """
    muxer = INDEXED[found.codec]
    try:
        _copy_packets([source], target, muxer)
        seconds = probe(target).seconds
    except Exception as error:
        raise NotCopied from error
    if abs(seconds - found.seconds) > _APART_SECONDS:
        raise NotCopied
    return _CONTAINERS[muxer]


def encode(source, target, *, max_seconds):
    """All that can be heard of `source`, as AAC with an index. Returns the Container. Raises BadAudio."""
    samples = leveled(_samples_of(source, max_seconds))
    with _opened_for_writing(target, "mp4") as output:
        encoded = output.add_stream("aac", rate=_ENCODED_RATE, layout="mono")
        encoded.bit_rate = _ENCODED_BIT_RATE
        for start in range(0, len(samples), _ENCODED_FRAME):
            output.mux(encoded.encode(_frame(samples, start)))
        output.mux(encoded.encode(None))
    return Container.MP4


def _samples_of(source, max_seconds):
    """Of all tracks together, as players for several tracks sound."""
    starts = track_starts(source)
    late = [round((start - min(starts)) * _ENCODED_RATE) for start in starts]
    tracks = [np.pad(_track_of(source, track, max_seconds), (late[track], 0)) for track in range(len(starts))]
    return tracks[0] if len(tracks) == 1 else together(tracks, _ENCODED_RATE)


def _track_of(source, track, max_seconds):
    blocks, length = [], 0
    with parts(source) as paths:
        for block in (block for path in paths for block in mono(_frames(path, track), _ENCODED_RATE)):
            blocks.append(block)
            length += len(block)
            if length > (max_seconds + 1) * _ENCODED_RATE:
                raise TooLong
    if not blocks:
        raise Unreadable
    return np.concatenate(blocks)


def _frame(samples, start):
    part = np.ascontiguousarray(samples[None, start : start + _ENCODED_FRAME])
    frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _ENCODED_RATE, start, Fraction(1, _ENCODED_RATE)
    return frame


def join(paths, target):
    """One file of recordings that follow one another, as an interrupted one is.

    Packets are copied when all are of one kind, as those of one browser are; else, and when that fails, the sound is
    kept as FLAC at SAMPLE_RATE. What cannot be read at all is left out. Raises BadAudio when nothing is left.
    """
    readable = [path for path in paths if _is_readable(path)]
    try:
        _copy_packets(readable, target, _muxer_of(readable))
        probe(target)
    except Exception:
        _write_flac(readable, target)


def _is_readable(path):
    with contextlib.suppress(BadAudio):
        return bool(probe(path))
    return False


def _muxer_of(paths):
    [(codec, *_)] = {_kind(path) for path in paths}
    return INDEXED[codec]


def _kind(path):
    with opened(path) as (_, stream):
        codec = stream.codec_context
        return codec.name, codec.sample_rate, codec.channels, codec.extradata


def _copy_packets(paths, target, muxer):
    end, copied = None, None
    with _opened_for_writing(target, muxer) as output:
        for path in paths:
            with opened(path) as (container, stream):
                copied = copied or _without_tags(output.add_stream_from_template(stream))
                packets = (packet for packet in Reader(container, stream).packets() if packet.dts is not None)
                first = next(packets)
                if end is None:
                    end = Fraction(0) if muxer == "webm" else -_taken_off(stream, first)
                end = _append(itertools.chain([first], packets), Clock(stream), copied, output, end)


def _taken_off(stream, first):
    """Seconds at the beginning that decoders leave out, as encoders put them there. WebM keeps that by itself."""
    return max((stream.start_time or 0) - (first.pts or 0), 0) * stream.time_base


def _opened_for_writing(target, muxer):
    options = {"movflags": "+faststart"} if muxer == "mp4" else {}
    return av.open(str(target), "w", format=muxer, options=options)


def _without_tags(stream):
    stream.metadata.clear()
    return stream


def _append(packets, clock, copied, output, end):
    """Each packet where the one before it ended, the first at `end` seconds. Returns where the last one ends."""
    for packet in packets:
        lasts = clock.seconds(packet)
        packet.pts = packet.dts = round(end / packet.time_base)
        packet.duration = round(lasts / packet.time_base)
        end += lasts
        packet.stream = copied
        output.mux(packet)
    return end


def _write_flac(paths, target):
    """Where kinds are mixed, which no browser does by itself: what speech models listen to is kept."""
    blocks = [block for path in paths for block in mono(_frames(path))]
    if not blocks:
        raise Unreadable
    with av.open(str(target), "w", format="flac") as output:
        stream = output.add_stream("flac", rate=SAMPLE_RATE, layout="mono")
        samples = (leveled(np.concatenate(blocks)) * _FULL_SCALE).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def _frames(path, track=0):
    with opened(path, track=track) as (container, stream):
        yield from Reader(container, stream).frames()
