"""What is read, and by which decoder. Whatever is on neither list is not even opened.

Telephones, messengers, telephone systems, dictation machines and Macs write these. A format says nothing about its
codec: whether browsers play a file depends on both.
"""

from notes.models import Container

WAV_CODECS = ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")
# FFmpeg's name of a format: what it is kept as, and the codecs in it that browsers play.
PLAYED = {
    "matroska,webm": (Container.WEBM, ("opus", "vorbis")),
    "mov,mp4,m4a,3gp,3g2,mj2": (Container.MP4, ("aac", "mp3", "mp3float", "opus", "flac")),
    "ogg": (Container.OGG, ("opus", "vorbis", "flac")),
    "mp3": (Container.MP3, ("mp3", "mp3float")),
    "wav": (Container.WAV, WAV_CODECS),
    "flac": (Container.FLAC, ("flac",)),
}
FORMATS = (
    *PLAYED,
    *("aac", "ac3", "aiff", "amr", "asf", "au", "caf", "dss", "eac3", "loas", "mpeg", "mpegts", "tta", "w64", "wv"),
)
CODECS = (
    *("opus", "vorbis", "speex"),
    *("aac", "aac_latm", "ac3", "eac3", "mp3", "mp3float", "mp2", "mp2float"),
    *("alac", "flac", "tta", "wavpack"),
    *("wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice"),
    *("amrnb", "amrwb", "evrc", "qcelp"),
    *("g722", "g723_1", "g726", "g726le", "g729", "gsm", "gsm_ms", "ilbc"),
    *("adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_yamaha", "dss_sp", "truespeech"),
    *("pcm_mulaw", "pcm_alaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"),
    *("pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_f64be"),
)
