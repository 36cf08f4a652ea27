from django.urls import include, path

from notes.api import problems  # noqa: F401  what refusals carry
from notes.api.views import adding, audio, one
from notes.api.views.listing import VoiceNotes

one_urls = [
    path("", one.OneVoiceNote.as_view(), name="api-voice-note"),
    path("restore/", one.RestoredVoiceNote.as_view(), name="api-voice-note-restore"),
    path("retry/", one.RetriedVoiceNote.as_view(), name="api-voice-note-retry"),
    path("audio", audio.Audio.as_view(), name="api-voice-note-audio"),
]

urlpatterns = [
    path("voice-notes/", VoiceNotes.as_view(), name="api-voice-notes"),
    path("voice-notes/<uuid:pk>/", include(one_urls)),
    path("reservations/<reference:reference>/voice-notes/", adding.NotesOfReservation.as_view()),
    path("reservations/<reference:reference>/typed-notes/", adding.TypedOnReservation.as_view()),
    path("properties/<int:pk>/voice-notes/", adding.NotesOfProperty.as_view()),
    path("properties/<int:pk>/typed-notes/", adding.TypedOnProperty.as_view()),
]
