"""The longest recording that is accepted."""

from django.conf import settings

# The recorder stops at the limit, but later in a background tab, where browsers delay timers. A recording may be longer
# by this, so that nothing that was said is refused.
LATE_STOP_SECONDS = 30


def longest_seconds() -> int:
    """Seconds up to which a recording is stored and transcribed."""
    return settings.MAX_RECORDING_SECONDS + LATE_STOP_SECONDS
