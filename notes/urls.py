from django.urls import path

from notes import playback, views

app_name = "notes"

urlpatterns = [
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
