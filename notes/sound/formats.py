"""The file formats and codecs that are read; a file with any other is refused.

Telephones, messengers, telephone systems, dictation machines and Macs write these. Whether browsers can play a file
depends on format, codec and index, see `notes.sound.playing`.
"""

from av.container import InputContainer

from notes.sound.containers import Container

# By FFmpeg's names; `container_of` distinguishes more formats for the first two.
FORMATS = {
    "matroska,webm": Container.WEBM,
    "mov,mp4,m4a,3gp,3g2,mj2": Container.MP4,
    "ogg": Container.OGG,
    "mp3": Container.MP3,
    "wav": Container.WAV,
    "flac": Container.FLAC,
    "aac": Container.AAC,
    "ac3": Container.AC3,
    "aiff": Container.AIFF,
    "amr": Container.AMR,
    "asf": Container.WMA,
    "au": Container.AU,
    "caf": Container.CAF,
    "dss": Container.DSS,
    "eac3": Container.AC3,
    "loas": Container.LATM,
    "mpeg": Container.MPEG,
    "mpegts": Container.TS,
    "tta": Container.TTA,
    "w64": Container.W64,
    "wv": Container.WAVPACK,
}
MP3 = ("mp3", "mp3float")
WEBM_CODECS = ("opus", "vorbis")
CODECS = (
    *WEBM_CODECS,
    *MP3,
    *("aac", "aac_latm", "ac3", "eac3", "mp2", "mp2float", "speex"),
    *("alac", "flac", "tta", "wavpack"),
    *("wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice"),
    *("amrnb", "amrwb", "evrc", "qcelp"),
    *("g722", "g723_1", "g726", "g726le", "g729", "gsm", "gsm_ms", "ilbc"),
    *("adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_yamaha", "dss_sp", "truespeech"),
    *("pcm_mulaw", "pcm_alaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"),
    *("pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_f64be"),
)


def container_of(container: InputContainer, codec: str) -> Container:
    """The Container of an open file. FFmpeg has one format for WebM and Matroska, and one for MP4 and its relatives."""
    kind, brand = FORMATS[container.format.name], container.metadata.get("major_brand", "")
    if kind == Container.WEBM and codec not in WEBM_CODECS:
        return Container.MATROSKA
    if kind == Container.MP4 and brand.startswith("qt"):
        return Container.MOV
    if kind == Container.MP4 and brand.startswith(("3gp", "3g2")):
        return Container.THREE_GP
    return kind
