"""One voice note: reading it, with or without waiting for its text, deleting, restoring and trying again."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from notes import editing
from notes.api.serializers.requests import OneNoteQuerySerializer
from notes.api.serializers.voice_notes import VoiceNoteSerializer
from notes.api.views.responses import QUEUED, RETRY_AFTER, TAGS, WRITTEN, NoteView, example, note_or_404, note_response
from notes.models import PENDING, VoiceNote
from notes.transcription import saved_notes
from notes.waiting import wait_for_change


class OneVoiceNote(NoteView):
    query_serializer = OneNoteQuerySerializer

    @extend_schema(
        operation_id="read_voice_note",
        summary="Read a note with its text",
        description="With `wait` the response comes as soon as the transcription has ended.",
        parameters=[RETRY_AFTER],
        responses=VoiceNoteSerializer,
        examples=[example("Written down", WRITTEN, status=200)],
        tags=TAGS,
    )
    def get(self, request, pk):
        wait = self.query["wait"]
        note = note_or_404(request.user, pk)
        if wait and note.is_pending:
            wait_for_change(pk, lambda: _is_done(pk), seconds=wait)
            note = note_or_404(request.user, pk)
        return note_response(request, note)

    @extend_schema(
        operation_id="delete_voice_note",
        summary="Delete a note",
        description="The note is hidden. `restore` brings it back until it is erased.",
        request=None,
        responses={204: None},
        tags=TAGS,
    )
    def delete(self, request, pk):
        editing.delete(note=note_or_404(request.user, pk), actor=request.user)
        return Response(status=204)


class RestoredVoiceNote(NoteView):
    @extend_schema(
        operation_id="restore_voice_note",
        summary="Restore a deleted note",
        request=None,
        parameters=[RETRY_AFTER],
        responses=VoiceNoteSerializer,
        examples=[example("Back again", WRITTEN, status=200)],
        tags=TAGS,
    )
    def post(self, request, pk):
        note = get_object_or_404(VoiceNote.objects.visible_to(request.user), pk=pk)
        editing.undelete(note=note, actor=request.user)
        return note_response(request, note_or_404(request.user, pk))


class RetriedVoiceNote(NoteView):
    @extend_schema(
        operation_id="retry_voice_note",
        summary="Transcribe a note again",
        description="Only for a note whose transcription has failed or has found no words.",
        request=None,
        parameters=[RETRY_AFTER],
        responses={202: VoiceNoteSerializer},
        examples=[example("In the queue again", QUEUED, status=202)],
        tags=TAGS,
    )
    def post(self, request, pk):
        saved_notes.retry(note=note_or_404(request.user, pk), actor=request.user)
        return note_response(request, note_or_404(request.user, pk), status=202)


def _is_done(pk):
    return not VoiceNote.objects.not_deleted().filter(pk=pk, status__in=PENDING).exists()
