"""The file formats that a voice note may have."""

import enum


class Container(enum.StrEnum):
    """A file format; the value is the suffix of file names. It is found out from a file's content only."""

    media_type: str

    def __new__(cls, suffix: str, media_type: str = "") -> "Container":
        member = str.__new__(cls, suffix)
        member._value_ = suffix
        member.media_type = media_type
        return member

    WEBM = "webm", "audio/webm"
    MP4 = "m4a", "audio/mp4"
    OGG = "ogg", "audio/ogg"
    MP3 = "mp3", "audio/mpeg"
    WAV = "wav", "audio/wav"
    FLAC = "flac", "audio/flac"
    AAC = "aac", "audio/aac"
    AC3 = "ac3", "audio/ac3"
    AIFF = "aiff", "audio/aiff"
    AMR = "amr", "audio/amr"
    AU = "au", "audio/basic"
    CAF = "caf", "audio/x-caf"
    DSS = "dss", "audio/x-dss"
    LATM = "latm", "audio/mp4a-latm"
    MATROSKA = "mka", "audio/x-matroska"
    MOV = "mov", "video/quicktime"
    MPEG = "mpeg", "video/mpeg"
    THREE_GP = "3gp", "audio/3gpp"
    TS = "ts", "video/mp2t"
    TTA = "tta", "audio/x-tta"
    W64 = "w64", "audio/x-w64"
    WAVPACK = "wv", "audio/x-wavpack"
    WMA = "wma", "audio/x-ms-wma"


MEDIA_TYPES = [container.media_type for container in Container]
