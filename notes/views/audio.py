"""The audio of one note, to be played or downloaded."""

from django.views.decorators.http import require_safe

from notes.playback import answer, audible, original, played


@require_safe
def audio(request, pk):
    """What is played; with `?download` what was recorded."""
    note = audible(request.user, pk)
    return answer(request, original(note) if "download" in request.GET else played(note))
