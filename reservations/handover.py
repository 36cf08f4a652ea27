"""Notes to the next shift that a page of this app takes with something else, such as a room that is closed.

The app that keeps the notes is above this one: it registers in its AppConfig's `ready` how a note is saved.
"""

from collections.abc import Callable

from accounts.models import User
from properties.models import Property

# Called with the keywords `property`, `text` and `author`, inside the transaction of what the note is about.
Save = Callable[..., object]

LONGEST = 2000  # characters

_savers: list[Save] = []


def register(save: Save) -> None:
    _savers.append(save)


def leave_note(*, property: Property, text: str, author: User) -> None:
    """Leave `text` for whoever works next at the property."""
    for save in _savers:
        save(property=property, text=text, author=author)
