"""From recordings to one file that can be sought in. Packets are copied; nothing is encoded anew without need."""

import contextlib
from fractions import Fraction

import av
import numpy as np

from notes.models import Container
from notes.sound.audio import SAMPLE_RATE, mono, probe
from notes.sound.levels import leveled
from notes.sound.opening import BadAudio, Reader, Unreadable, container_of, opened
from notes.sound.packets import Clock

_MUXERS = {Container.WEBM: "webm", Container.MP4: "mp4", Container.OGG: "ogg"}  # as browsers record
_MUXERS_BY_CODEC = {"aac": "mp4", "mp3": "mp3", "mp3float": "mp3"}  # of files that browsers do not play
# Codecs that a WebM file may hold; a Matroska file with another one is stored as it came.
_WEBM_CODECS = ("opus", "vorbis")
_FULL_SCALE = 32_767  # of 16-bit samples


def can_be_remuxed(found):
    """Browsers record WebM without duration and index, so it cannot be sought in; a copy of its packets can."""
    return found.container == Container.WEBM and found.codec in _WEBM_CODECS


def remux(source, target):
    """Copy the sound of a WebM file to `target` with duration and index, without tags. Nothing is encoded anew.

    Raises whatever is wrong with a broken file: a copy that left something out would hide it.
    """
    with opened(source) as (container, stream), av.open(str(target), "w", format="webm") as output:
        copy = _without_tags(output.add_stream_from_template(stream))
        for packet in container.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                output.mux(packet)


def _without_tags(stream):
    stream.metadata.clear()
    return stream


def join(paths, target):
    """One file, which browsers play, of recordings that follow one another: of one alone, or of an interrupted one.

    Packets are copied when all are of one kind, as those of one browser are; else, and when that fails, the sound is
    kept as FLAC at SAMPLE_RATE. What cannot be read at all is left out. Raises BadAudio when nothing is left.
    """
    readable = [path for path in paths if _is_readable(path)]
    try:
        _copy_packets(readable, target)
        probe(target)
    except Exception:
        _write_flac(readable, target)


def _is_readable(path):
    with contextlib.suppress(BadAudio):
        return bool(probe(path))
    return False


def _copy_packets(paths, target):
    kinds = {_kind(path) for path in paths}
    [(muxer, *_)] = kinds
    offset, copy = Fraction(0), None
    with av.open(str(target), "w", format=muxer) as output:
        for path in paths:
            with opened(path) as (container, stream):
                copy = copy or _without_tags(output.add_stream_from_template(stream))
                offset += _append(container, stream, copy, output, offset)


def _kind(path):
    with opened(path) as (container, stream):
        codec = stream.codec_context
        kind = container_of(container, stream)
        muxer = _MUXERS[kind] if kind else _MUXERS_BY_CODEC[codec.name]
        return muxer, codec.name, codec.sample_rate, codec.channels, codec.extradata


def _append(container, stream, copy, output, offset):
    """Each packet where the one before it ended. Returns how long they are, in seconds."""
    length, clock = Fraction(0), Clock(stream)
    for packet in container.demux(stream):
        if packet.dts is None:
            continue
        lasts = clock.seconds(packet)
        packet.pts = packet.dts = round((offset + length) / packet.time_base)
        length += lasts
        packet.stream = copy
        output.mux(packet)
    return length


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


def _frames(path):
    with opened(path) as (container, stream):
        yield from Reader(container, stream).frames()
