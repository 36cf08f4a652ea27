from django.urls import include, path

from notes.api import problems  # noqa: F401  registers its functions
from notes.api.views import adding, audio, detail
from notes.api.views.listing import VoiceNotes

note_urls = [
    path("", detail.OneVoiceNote.as_view(), name="api-voice-note"),
    path("restore/", detail.RestoredVoiceNote.as_view(), name="api-voice-note-restore"),
    path("retry/", detail.RetriedVoiceNote.as_view(), name="api-voice-note-retry"),
    path("audio", audio.Audio.as_view(), name="api-voice-note-audio"),
]

urlpatterns = [
    path("voice-notes/", VoiceNotes.as_view(), name="api-voice-notes"),
    path("voice-notes/<uuid:pk>/", include(note_urls)),
    path("reservations/<reference:reference>/voice-notes/", adding.NotesOfReservation.as_view()),
    path("reservations/<reference:reference>/typed-notes/", adding.TypedOnReservation.as_view()),
    path("properties/<int:pk>/voice-notes/", adding.NotesOfProperty.as_view()),
    path("properties/<int:pk>/typed-notes/", adding.TypedOnProperty.as_view()),
]
