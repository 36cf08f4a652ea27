"""The audio of one note, to be played or downloaded."""

from django.views.decorators.http import require_safe

from notes.playback import audio_response, note_with_audio_or_404, original, played


@require_safe
def audio(request, pk):
    """The file that browsers play; with `?download` the one that was recorded or sent."""
    note = note_with_audio_or_404(request.user, pk)
    return audio_response(request, original(note) if "download" in request.GET else played(note))
