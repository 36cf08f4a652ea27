from django.urls import include, path

from notes import playback, recording_views, views

app_name = "notes"

recording_urls = [
    path("", recording_views.state, name="recording"),
    path("chunks/<int:index>/", recording_views.chunk, name="chunk"),
    path("stop/", recording_views.stop, name="stop"),
    path("save/", recording_views.save, name="save"),
    path("discard/", recording_views.discard, name="discard"),
]

urlpatterns = [
    path("recordings/<uuid:key>/", include(recording_urls)),
    path("reservations/<str:reference>/voice-notes/", views.create, name="create"),
    path("reservations/<str:reference>/voice-notes/heard/", views.heard, name="heard"),
    path("voice-notes/<uuid:pk>/", views.detail, name="detail"),
    path("voice-notes/<uuid:pk>/audio", playback.audio, name="audio"),
    path("voice-notes/<uuid:pk>/edit/", views.edit, name="edit"),
    path("voice-notes/<uuid:pk>/revert/", views.revert, name="revert"),
    path("voice-notes/<uuid:pk>/delete/", views.delete, name="delete"),
    path("voice-notes/<uuid:pk>/restore/", views.restore, name="restore"),
    path("voice-notes/<uuid:pk>/retry/", views.retry, name="retry"),
]
