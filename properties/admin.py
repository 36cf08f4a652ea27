"""Admin pages for superusers. They save by the verbs of `inventory`, so that the same rules apply as on other pages."""

from django import forms
from django.contrib import admin

from config.forms import CleanCharField
from config.read_only_admin import ReadOnlyAdmin
from properties import inventory, languages
from properties.forms import PropertyForm
from properties.models import Property, Rate, RoomType, Unit
from properties.room_names import LONGEST_NAME


class PropertyAdminForm(PropertyForm, forms.ModelForm):
    class Meta:
        model = Property
        fields = ["kind", *PropertyForm.base_fields]


class RoomAdminForm(forms.ModelForm):
    name = CleanCharField(max_length=LONGEST_NAME)

    class Meta:
        model = Unit
        fields = ["name"]


class ArchivableAdmin(admin.ModelAdmin):
    """Rows cannot be deleted, and archived ones cannot be changed; Roomtone's own pages bring them back into use."""

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.archived_at is None)


@admin.register(Property)
class PropertyAdmin(ArchivableAdmin):
    form = PropertyAdminForm
    list_display = ["name", "kind", "location", "price", "archived_at"]
    list_filter = ["kind", ("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["name__searchable", "location__searchable"]
    readonly_fields = ["archived_at", "archived_by"]

    def get_fields(self, request, obj=None):
        hidden = () if languages.can_be_chosen() else ("language",)
        return [field for field in super().get_fields(request, obj) if field not in hidden]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", *self.readonly_fields] if obj else self.readonly_fields

    def save_model(self, request, obj, form, change):
        if change:
            facts = {field: form.cleaned_data[field] for field in form.changed_data}
            inventory.update_property(property=obj, actor=request.user, **facts)
            return
        made = inventory.create_property(**form.cleaned_data, actor=request.user)
        obj.pk, obj._state.adding = made.pk, False


@admin.register(Unit)
class UnitAdmin(ArchivableAdmin):
    """Renames rooms. They are added on the hotel's page; an apartment's unit is created with it and never changes."""

    form = RoomAdminForm
    list_display = ["name", "property", "room_type", "floor", "archived_at"]
    list_select_related = ["property", "room_type"]
    list_filter = [("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "property__name__searchable"]
    readonly_fields = ["property", "room_type", "floor", "archived_at", "archived_by"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.property.is_hotel)

    def save_model(self, request, obj, form, change):
        inventory.change_room(unit=obj, actor=request.user, name=form.cleaned_data["name"])


@admin.register(RoomType)
class RoomTypeAdmin(ReadOnlyAdmin):
    list_display = ["name", "property", "sleeps", "price", "min_nights", "max_nights"]
    list_select_related = ["property"]
    search_fields = ["name", "property__name__searchable"]


@admin.register(Rate)
class RateAdmin(ReadOnlyAdmin):
    list_display = ["name", "property", "room_type", "first_night", "last_night", "weekdays", "price"]
    list_select_related = ["property", "room_type"]
    search_fields = ["name", "property__name__searchable"]
