"""Recordings made on the spot: every container, and files that only claim to be recordings."""

import io
import struct
from fractions import Fraction

import av
import numpy as np

SAMPLE_RATE = 16_000
# container: FFmpeg's muxer, its encoder, and the rate that encoder takes
MUXERS = {
    "webm": ("webm", "libopus", 48_000),
    "ogg": ("ogg", "libopus", 48_000),
    "m4a": ("mp4", "aac", 44_100),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "wav": ("wav", "pcm_s16le", 16_000),
    "flac": ("flac", "flac", 16_000),
}


# What browsers do not play: FFmpeg's muxer and its encoder
UNPLAYED = {
    "aac": ("adts", "aac", 44_100),
    "mpeg": ("mpeg", "libmp3lame", 44_100),
    "mpeg-layer-2": ("mpeg", "mp2", 44_100),
    "mp2": ("mp2", "mp2", 44_100),
}
# The same, as telephones, messengers, telephone systems, dictation machines and Macs write it
FOREIGN = {
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "3gp-amr": ("3gp", "libopencore_amrnb", 8_000),
    "m4a-alac": ("ipod", "alac", 44_100),
    "m4a-ac3": ("mp4", "ac3", 48_000),
    "m4a-eac3": ("mp4", "eac3", 48_000),
    "mov-24-bit": ("mov", "pcm_s24be", 48_000),
    "caf-alac": ("caf", "alac", 48_000),
    "caf-pcm": ("caf", "pcm_s16be", 44_100),
    "aiff": ("aiff", "pcm_s24be", 44_100),
    "aifc-ima4": ("aiff", "adpcm_ima_qt", 22_050),
    "wma1": ("asf", "wmav1", 44_100),
    "wma2": ("asf", "wmav2", 16_000),
    "wav-ima-adpcm": ("wav", "adpcm_ima_wav", 8_000),
    "wav-ms-adpcm": ("wav", "adpcm_ms", 8_000),
    "wav-g722": ("wav", "g722", 16_000),
    "wav-g723": ("wav", "g723_1", 8_000),
    "wav-g726": ("wav", "g726", 8_000),
    "wav-mp3": ("wav", "libmp3lame", 16_000),
    "wav-64-bit": ("wav", "pcm_f64le", 8_000),
    "au": ("au", "pcm_mulaw", 8_000),
    "w64": ("w64", "pcm_s16le", 16_000),
    "ts-aac": ("mpegts", "aac", 44_100),
    "latm": ("latm", "aac", 44_100),
    "mka-aac": ("matroska", "aac", 44_100),
    "wavpack": ("wv", "wavpack", 44_100),
    "tta": ("tta", "tta", 44_100),
}
BIT_RATES = {"libopencore_amrnb": 12_200, "wmav1": 64_000, "wmav2": 32_000, "g723_1": 6_300, "g726": 32_000}


def tone(seconds=1.0, hertz=440, loudness=0.5):
    moments = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (loudness * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def silence(seconds=1.0):
    return np.zeros(int(seconds * SAMPLE_RATE), np.float32)


def recording(container="wav", samples=None, *, options=None, codec_options=None, title=""):
    """The bytes of a file with these samples (one second of a tone unless given)."""
    muxer, codec, rate = (MUXERS | UNPLAYED | FOREIGN)[container]
    file = _Growing() if options else io.BytesIO()
    with av.open(file, "w", format=muxer, options=options or {}) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono", options=codec_options or {})
        if codec in BIT_RATES:
            stream.bit_rate = BIT_RATES[codec]
        if title:
            output.metadata["title"] = title
        for frame in _frames(tone() if samples is None else samples, stream.codec_context):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def browser_recording(samples=None, **kwargs):
    """As Chrome's MediaRecorder writes it: WebM without duration and index."""
    return recording("webm", samples, options={"live": "1"}, **kwargs)


def fragmented(samples=None):
    """As Safari's recorder writes it: MP4 without an index, and a fragment a second."""
    flags = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "1000000"}
    return recording("m4a", samples, options=flags)


def with_last_table_behind_it_again(data):
    """As GStreamer may end a recording: the table of the last fragment comes again, without sound."""
    return data + data[_last_table(data)]


def with_last_table_twice(data):
    """As WebKitGTK ends a recording: the table of the last fragment comes again, before its sound."""
    table = _last_table(data)
    return data[: table.stop] + data[table.start :]


def _last_table(data):
    at, last = 0, None
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        last = slice(at, at + size) if data[at + 4 : at + 8] == b"moof" else last
        at += size
    return last


def vbr_mp3(samples):
    """Without an index, and with a bit rate that changes: players guess how long it is."""
    quality = {"global_quality": str(7 * 118), "flags": "+qscale"}
    return recording("mp3", samples, options={"write_xing": "0"}, codec_options=quality)


def late_from(data, *, second, by):
    """A WebM file whose sound is the same, and whose clock jumps ahead `by` seconds at `second`."""
    file = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(file, "w", format="webm") as output:
        copy = output.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                late = by if packet.dts * packet.time_base >= second else 0
                packet.dts = packet.pts = packet.dts + int(late / packet.time_base)
                packet.stream = copy
                output.mux(packet)
    return file.getvalue()


def hurried(data, *, ticks=1008):
    """Opus in MP4, each packet of which claims to be only so long (at 48 kHz), as some of Chrome's do."""
    file = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(file, "w", format="mp4") as output:
        copy = output.add_stream_from_template(source.streams.audio[0])
        for number, packet in enumerate(source.demux(audio=0)):
            if packet.dts is not None:
                packet.time_base = Fraction(1, 48_000)
                packet.dts = packet.pts = number * ticks
                packet.duration = ticks
                packet.stream = copy
                output.mux(packet)
    return file.getvalue()


def film(muxer="mp4", codec="mpeg4", sound="aac", *, with_sound=True):
    """A second of moving grey, with or without a tone."""
    file = io.BytesIO()
    with av.open(file, "w", format=muxer) as output:
        picture = output.add_stream(codec, rate=25)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        rate = 48_000 if sound == "libopus" else 44_100
        sound = output.add_stream(sound, rate=rate, layout="mono") if with_sound else None
        for level in range(25):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), level * 8, np.uint8), format="rgb24")
            output.mux(picture.encode(frame))
        output.mux(picture.encode(None))
        if sound:
            for frame in _frames(tone(), sound.codec_context):
                output.mux(sound.encode(frame))
            output.mux(sound.encode(None))
    return file.getvalue()


def mp3_with_cover():
    """A second of a tone with a picture, as music shops sell it."""
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as output:
        picture = output.add_stream("png")
        picture.width, picture.height, picture.pix_fmt = 16, 16, "rgb24"
        output.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        output.mux(picture.encode(None))
    content = b"\0image/png\0\3\0" + file.getvalue()
    frame = b"APIC" + struct.pack(">I", len(content)) + b"\0\0" + content
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frame + recording("mp3")


def wav(data=b"", *, rate=SAMPLE_RATE, channels=1, bits=16, form=1):
    """A WAV file of raw `data` whose header claims what it is told. `form` 3 is floating point."""
    block = channels * bits // 8
    head = struct.pack("<IHHIIHH", 16, form, channels, rate, rate * block % 2**32, block % 2**16, bits)
    chunks = b"WAVEfmt " + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def extensible_wav(data, *, channels, mask, rate=SAMPLE_RATE):
    """A 16-bit WAV file that names its channels by the bits of `mask`."""
    more = struct.pack("<HHI", 22, 16, mask) + bytes.fromhex("0100000000001000800000aa00389b71")
    head = struct.pack("<HHIIHH", 0xFFFE, channels, rate, rate * 2 * channels, 2 * channels, 16) + more
    chunks = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def _frames(samples, codec):
    whole = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None], format="s16", layout="mono")
    whole.sample_rate = SAMPLE_RATE
    codec.open(strict=False)
    resampler = av.AudioResampler(codec.format, "mono", codec.sample_rate, frame_size=codec.frame_size or 1024)
    return resampler.resample(whole) + resampler.resample(None)


class _Growing(io.RawIOBase):
    """A file that cannot be sought in, as a browser's stream of chunks."""

    def __init__(self):
        self._bytes = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self._bytes += data
        return len(data)

    def getvalue(self):
        return bytes(self._bytes)


def tracks(*each, codecs=None):
    """A Matroska file with a track for each of these samples."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        named = codecs or ["pcm_s16le"] * len(each)
        streams = [output.add_stream(codec, rate=SAMPLE_RATE, layout="mono") for codec in named]
        frames = [_frames(samples, stream.codec_context) for stream, samples in zip(streams, each, strict=True)]
        for stream, some in zip(streams, frames, strict=True):  # all of them are open by now
            for frame in [*some, None]:
                output.mux(stream.encode(frame))
    return file.getvalue()
