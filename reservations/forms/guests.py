"""Forms about guests: the guest of a reservation, a profile, a merge of two profiles."""

from crispy_forms.layout import Column, Row
from django import forms

from accounts.access import Action
from config.computed import computed
from config.forms import CleanCharField, CleanEmailField, Form, fields_only
from properties.edit_forms import EditForm
from reservations.guests import others_at_stake, surviving_profile
from reservations.models import Guest

CONTACT_FIELDS = ("phone", "email")


class PhoneField(CleanCharField):
    """A telephone number in any form, or two."""

    def __init__(self):
        super().__init__(
            required=False,
            label="Telephone",
            max_length=Guest.LONGEST["phone"],
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            error_messages={"max_length": Guest.TOO_MANY_NUMBERS},
        )


class GuestName(Form):
    """The guest of a stay: a known one, whose key is in `guest_id`, or a new one with the name in `guest`."""

    guest = CleanCharField(
        max_length=Guest.LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the guest's name."},
    )
    guest_id = forms.CharField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if not self.initial.get("guest") and (chosen := self._guest_of(self.initial.get("guest_id"))):
            self.initial["guest"] = chosen.name

    @computed
    def known(self):
        """The known guest in the form, or None.

        The key counts only with the name of its profile. If another name was typed, it is a new guest, also where no
        script has emptied the key.
        """
        chosen = self._guest_of(self["guest_id"].value())
        typed = " ".join(str(self["guest"].value() or "").split())
        return surviving_profile(chosen) if chosen and chosen.name == typed else None

    def _guest_of(self, key):
        """The guest with this key, if the actor may book for them; else None."""
        if not (str(key or "").isdecimal() and len(str(key)) < 19):
            return None
        seen = Guest.objects.visible_to(self.actor, Action.BOOK).with_stays(self.actor)
        return seen.select_related("merged_into").filter(pk=key).first()

    def whom(self):
        """The arguments `guest` and `guest_name` of `booking.book` and `booking.change` from a valid form."""
        name, known = self.cleaned_data["guest"], self.known
        contact = {field: text for field in CONTACT_FIELDS if (text := self.cleaned_data.get(field))}
        if known is None and contact:
            return {"guest": Guest(name=name, **contact), "guest_name": name}
        return {"guest": known, "guest_name": known.name if known else name}

    def say_whose_stays(self, reservation):
        """Explain beside the name what another name does when the guest has other stays."""
        if others := others_at_stake(reservation):
            also = f"{others} other stay{'s' if others > 1 else ''}"
            self.fields[
                "guest"
            ].help_text = f"{reservation.guest} has {also}. Another name here makes another guest of this one."


class GuestFields(GuestName):
    """The guest of a booking, with telephone and e-mail of a new one."""

    phone = PhoneField()
    email = CleanEmailField(
        required=False,
        label="E-mail",
        max_length=Guest.LONGEST["email"],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def unseen(self):
        return CONTACT_FIELDS if self.known else ()


class GuestForm(EditForm):
    """A profile."""

    name = CleanCharField(max_length=Guest.LONGEST["name"], error_messages={"required": "Write the guest's name."})
    phone = PhoneField()
    email = CleanEmailField(required=False, label="E-mail", max_length=Guest.LONGEST["email"])
    language = CleanCharField(
        max_length=Guest.LONGEST["language"], required=False, help_text="As people say it: Portuguese, English."
    )
    remarks = CleanCharField(
        paragraphs=True,
        required=False,
        max_length=Guest.LONGEST["remarks"],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What every shift must know: allergies, a cot, a quiet room.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, guest, data=None):
        facts = {field: getattr(guest, field) for field in cls.base_fields}
        return cls(data, initial=facts).opened_on(_without_version(facts))

    def wanted(self):
        """The arguments of `guests.save_guest`, except guest and actor, from a valid form."""
        return {name: self.cleaned_data[name] for name in GuestForm.base_fields}

    def refresh_from(self, theirs):
        """Compare the form with the profile `theirs`, as it is saved now; saving again overwrites that version."""
        self.compare_with(_without_version({name: getattr(theirs, name) for name in GuestForm.base_fields}))
        self.data["version"] = theirs.version

    @computed
    def helper(self):
        return fields_only("name", Row(Column("phone"), Column("email")), "language", "remarks", "version")


class GuestSearchForm(Form):
    """A search for guests. Values that cannot be read are ignored."""

    q = CleanCharField(
        required=False,
        label="Search guests",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, number or e-mail"}),
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        required=False,
        label="Sorted",
        choices=[("", "The newest first"), ("name", "By name, A–Z"), ("latest", "By latest stay")],
    )

    @computed
    def helper(self):
        return fields_only(Row(Column("q", css_class="col-sm-8"), Column("sort", css_class="col-sm-4")))

    def ordered(self, guests):
        """The guests that are looked for among `guests`, in the order that is asked for, from this page on."""
        self.is_valid()
        found, last = guests.matching(self.cleaned_data.get("q", "")), self.cleaned_data.get("before")
        if self.cleaned_data.get("sort") == "latest":
            return found.by_latest_stay(after=last)
        is_by_name = self.cleaned_data.get("sort") == "name"
        return found.by_name(after=last) if is_by_name else found.newest_first(before=last)


class OfferForm(Form):
    """The guest's name in the booking form, as far as it is typed."""

    guest = CleanCharField(required=False)

    def typed(self):
        """The name; "" for a single ASCII letter, which is too little to search for. A Chinese one can be a name."""
        self.is_valid()
        typed = self.cleaned_data.get("guest", "")
        return "" if len(typed) == 1 and typed.isascii() else typed


class MergeForm(Form):
    """Which of two profiles is kept in a merge, and the versions of both that were compared."""

    keep = forms.TypedChoiceField(coerce=int, error_messages={"required": "Choose the profile to keep."})

    def __init__(self, data=None, *, first, second):
        super().__init__(data, initial={"keep": first.pk})
        self.pair = {first.pk: first, second.pk: second}
        self.fields["keep"].choices = [(pk, guest.name) for pk, guest in self.pair.items()]
        for pk in self.pair:
            self.fields[f"version_{pk}"] = forms.IntegerField(
                required=False,
                widget=forms.HiddenInput,
                error_messages={"invalid": "This page is out of date. Reload it, then compare them again."},
            )

    def chosen(self):
        """The arguments of `guests.merge`, except the actor, from a valid form."""
        keep = self.pair[self.cleaned_data["keep"]]
        [duplicate] = [guest for guest in self.pair.values() if guest is not keep]
        versions = [self.cleaned_data[f"version_{guest.pk}"] for guest in (keep, duplicate)]
        return {"keep": keep, "duplicate": duplicate, "versions": versions if all(versions) else None}

    @computed
    def rows(self):
        """(label, value of the first profile, value of the second, whether both have one and they differ) by field."""
        first, second = self.pair.values()
        for name, field in GuestForm.base_fields.items():
            if name != "version":
                values = getattr(first, name), getattr(second, name)
                yield field.label or name.title(), *values, all(values) and values[0] != values[1]


def _without_version(facts):
    return {name: value for name, value in facts.items() if name != "version"}
