"""Notes and transcripts in the admin, read-only: on other pages they can be edited, deleted and restored."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from config.read_only_admin import ReadOnlyAdmin
from notes.models import Transcript, VoiceNote


@admin.register(VoiceNote)
class VoiceNoteAdmin(ReadOnlyAdmin):
    list_display = ["id", "reservation", "author", "recorded_at", "status", "failure", "attempts", "seconds"]
    list_filter = ["status", "failure", "container"]
    list_select_related = ["reservation", "author"]
    search_fields = ["id", "reservation__reference"]
    date_hierarchy = "recorded_at"
    exclude = ["audio", "peaks"]
    readonly_fields = ["listen"]

    @admin.display(description="audio")
    def listen(self, note):
        """A link to the view, which checks who may listen, and not to the storage."""
        return format_html('<a href="{}">{}</a>', reverse("notes:audio", args=[note.pk]), note.media_type)


@admin.register(Transcript)
class TranscriptAdmin(ReadOnlyAdmin):
    list_display = ["note_id", "language", "engine", "model", "took_seconds", "created_at", "edited_at"]
    list_filter = ["engine", "model", "language"]
    search_fields = ["note__id", "note__reservation__reference"]
    exclude = ["segments"]
