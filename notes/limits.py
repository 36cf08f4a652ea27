"""How long a recording may be."""

from django.conf import settings

# The recorder stops by itself at the limit, but a tab in the background may be late. Nobody's words are lost for that.
LATE_STOP_SECONDS = 30


def longest_seconds() -> int:
    """Recordings up to this length are kept and transcribed."""
    return settings.MAX_RECORDING_SECONDS + LATE_STOP_SECONDS
