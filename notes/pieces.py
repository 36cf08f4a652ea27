"""From the chunks of a recording to pieces of text, while somebody still speaks."""


def listen(recording_id: str) -> None:
    """Hear what is there of the recording and not heard yet."""
