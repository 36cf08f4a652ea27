from django import forms

from config.forms import CleanCharField, fields_only

# What the file dialogue offers; the content decides, not the name (`intake`).
OFFERED = ".webm,.ogg,.oga,.opus,.m4a,.mp4,.mp3,.wav,.flac,audio/*"


class UploadForm(forms.Form):
    """A recording: a file, or from the recorder, which fills the same field. The same `key` again is the same note."""

    audio = forms.FileField(
        label="Upload a file",
        widget=forms.FileInput(attrs={"accept": OFFERED}),
        error_messages={
            "required": "Choose a sound file first, or record a note.",
            "empty": "This file is empty. Choose another one, or record the note again.",
        },
    )
    key = forms.UUIDField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "This page is out of date. Reload it and try again."},
    )

    @property
    def helper(self):
        return fields_only("audio", "key")


class TextForm(forms.Form):
    text = CleanCharField(
        label="What was said",
        paragraphs=True,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        max_length=20_000,
        error_messages={"required": "Write what was said, or press Cancel to keep the note as it was."},
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    @property
    def helper(self):
        return fields_only("text", "seen")

    def compare_with(self, changed):
        """Keep what was typed, beside what the note says now: who has read that, may save again."""
        self.data = self.data.copy()
        self.data["seen"] = changed.text
        self.add_error("text", changed.message)
        self.now = changed.text
