from django.urls import path

from notes import playback

app_name = "notes"

urlpatterns = [
    path("voice-notes/<uuid:pk>/audio", playback.audio, name="audio"),
]
