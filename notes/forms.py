import uuid

from django import forms

from accounts.access import Action
from config.forms import CleanCharField, Form, fields_only
from notes.search.folding import Folded, fold
from properties.models import Property
from reservations.models import Reservation

# The file types that the file dialogue offers. Whether a file is accepted depends on its content, see `intake`.
OFFERED = (
    "audio/*,.3g2,.3ga,.3gp,.aac,.ac3,.aif,.aifc,.aiff,.amr,.au,.awb,.caf,.ds2,.dss,.flac,.m4a,.m4b,.mka,.mov,.mp2,"
    ".mp3,.mp4,.mpeg,.mpga,.oga,.ogg,.opus,.qta,.spx,.ts,.tta,.w64,.wav,.webm,.wma,.wv"
)

OUT_OF_DATE = "This page is out of date. Reload it and try again."
NO_TARGET = "What this recording was for is not there any more. Download it, and record it where it belongs."
GONE = {"invalid_choice": NO_TARGET}
# Numbers beyond these are malformed requests; the limits of a recording are in the settings.
LONGEST_SECONDS, MOST_CHUNKS = 24 * 60 * 60, 2**31 - 1


class UploadForm(Form):
    """An uploaded sound file. Sent again with the same `key`, it makes no second note."""

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
        error_messages={"invalid": OUT_OF_DATE},
    )

    @property
    def helper(self):
        return fields_only("audio", "key")


class ChunkForm(Form):
    """A chunk of a recording, and the reservation or property that the note will be about."""

    action = Action.RECORD

    chunk = forms.FileField(error_messages={"required": OUT_OF_DATE, "empty": OUT_OF_DATE})
    segment = forms.IntegerField(min_value=0, max_value=1000)
    seconds = forms.FloatField(min_value=0, max_value=LONGEST_SECONDS)
    reservation = forms.ModelChoiceField(
        Reservation.objects.all(),
        to_field_name="reference",
        required=False,
        error_messages={"invalid_choice": NO_TARGET},
    )
    property = forms.ModelChoiceField(
        Property.objects.all(), required=False, error_messages={"invalid_choice": NO_TARGET}
    )

    def clean(self):
        super().clean()
        if not self.errors and not (self.cleaned_data["reservation"] or self.cleaned_data["property"]):
            raise forms.ValidationError(OUT_OF_DATE)

    def has_no_target(self):
        return "reservation" in self.errors or "property" in self.errors


class EndForm(Form):
    """The number of chunks of a recording that has ended, and its length in seconds by the recorder's clock."""

    chunks = forms.IntegerField(min_value=0, max_value=MOST_CHUNKS)
    seconds = forms.FloatField(min_value=0, max_value=LONGEST_SECONDS)


class TextForm(Form):
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
        """Show what was typed beside the text that the note has now; sent again, the form replaces that text."""
        self.data = self.data.copy()
        self.data["seen"] = changed.text
        self.add_error("text", changed.message)
        self.now = changed.text


class TypedForm(Form):
    """A typed note. Sent again with the same `key`, it makes no second note."""

    text = CleanCharField(
        label="What the others should know",
        paragraphs=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        error_messages={"required": "Write the note first."},
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, error_messages={"invalid": OUT_OF_DATE})

    def __init__(self, *args, **options):
        super().__init__(*args, **{"auto_id": "typed-%s"} | options)

    @classmethod
    def fresh(cls, *, actor=None, **initial):
        return cls(initial={"key": uuid.uuid4()} | initial, actor=actor)

    def refuse(self, refused):
        """Show what was typed with a new key, so that sending it again makes a note of its own."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())
        self.add_error("text", refused.message)

    @property
    def helper(self):
        return fields_only(*self.fields)


class TypedForPropertyForm(TypedForm):
    """A typed note for whoever works next at the property that is chosen in the form."""

    action = Action.RECORD

    property = forms.ModelChoiceField(
        Property.objects.active(),
        label="For whoever comes next at",
        empty_label="Choose a property",
        error_messages={"required": "Choose a property.", "invalid_choice": "Choose a property of the list."},
    )
    field_order = ["property", "text", "key"]


class RatingForm(Form):
    """A rating of the machine's text; an empty value takes a rating back."""

    rating = forms.TypedChoiceField(
        choices=[(1, "The text is good"), (-1, "The text is bad")], coerce=int, empty_value=None, required=False
    )


class ErasureForm(Form):
    """Why a guest's notes are erased, and how many the page showed (`seen`). The reason may hold none of `names`."""

    reason = CleanCharField(
        label="Why",
        max_length=200,
        widget=forms.TextInput,
        help_text="For the report, which stays: without the guest’s name. Such as: asked for by letter of 3 May.",
        error_messages={"required": "Write why: the report is all that is left afterwards."},
    )
    seen = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid", "min_value"], "Look at what would go, then erase it."),
    )

    def __init__(self, *args, names, **options):
        super().__init__(*args, **options)
        self.names = names

    @property
    def helper(self):
        return fields_only("reason", "seen")

    def show(self, tally):
        """Set `seen` to the present number, which the page shows with the form."""
        self.initial["seen"] = tally.all
        if self.is_bound:
            self.data = self.data.copy()
            self.data["seen"] = tally.all

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if Folded(reason).has_any(map(fold, self.names)):
            raise forms.ValidationError("Leave the guest’s name out: the report is kept when the notes are gone.")
        return reason
