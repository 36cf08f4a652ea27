from django.urls import include, path

from notes.views import audio, read_receipts
from notes.views import erasing as erasing_views
from notes.views import hand_over as hand_over_views
from notes.views import listing as listing_views
from notes.views import note as views
from notes.views import panel as panel_views
from notes.views import recording as recording_views

app_name = "notes"

recording_urls = [
    path("", recording_views.state, name="recording"),
    path("chunks/<int:index>/", recording_views.chunk, name="chunk"),
    path("stop/", recording_views.stop, name="stop"),
    path("save/", recording_views.save, name="save"),
    path("discard/", recording_views.discard, name="discard"),
    path("undo/", recording_views.undo_save, name="undo_save"),
]

# A reservation and a property have the same verbs under the same names.
panel_urls = [
    path("", panel_views.create, name="create"),
    path("typed/", panel_views.type_note, name="type"),
    path("read/", panel_views.mark_read, name="mark_read"),
]

listing_urls = [
    path("", listing_views.all_notes, name="list"),
    path("hand-over/", hand_over_views.hand_over, name="hand_over"),
    path("typed/", listing_views.type_note, name="type"),
    path("read/", listing_views.mark_read, name="mark_read"),
    path("read/<int:instant>/undo/", read_receipts.mark_unread, name="mark_unread"),
]

urlpatterns = [
    path("notes/", include(listing_urls)),
    path("recordings/<uuid:key>/", include(recording_urls)),
    path("reservations/<str:reference>/voice-notes/", include(panel_urls)),
    path("properties/<int:pk>/voice-notes/", include(panel_urls)),
    path("voice-notes/<uuid:pk>/", views.detail, name="detail"),
    path("voice-notes/<uuid:pk>/audio", audio.audio, name="audio"),
    path("voice-notes/<uuid:pk>/edit/", views.edit, name="edit"),
    path("voice-notes/<uuid:pk>/revert/", views.revert, name="revert"),
    path("voice-notes/<uuid:pk>/rate/", views.rate, name="rate"),
    path("voice-notes/<uuid:pk>/delete/", views.delete, name="delete"),
    path("voice-notes/<uuid:pk>/restore/", views.restore, name="restore"),
    path("voice-notes/<uuid:pk>/retry/", views.retry, name="retry"),
    path("voice-notes/<uuid:pk>/protect/", views.protect, name="protect"),
    path("voice-notes/<uuid:pk>/unprotect/", views.unprotect, name="unprotect"),
    path("guests/<int:pk>/voice-notes/erase/", erasing_views.erase, name="erase_guest"),
    path("guests/<int:pk>/voice-notes.zip", erasing_views.export, name="export_guest"),
    path("erasures/", erasing_views.erasures, name="erasures"),
    path("erasures.json", erasing_views.erasures_json, name="erasures_json"),
    path("erasures.csv", erasing_views.erasures_csv, name="erasures_csv"),
    path("erasures/<uuid:pk>/", erasing_views.erasure, name="erasure"),
]
