"""Read-only admin pages. Stays are booked, moved and cancelled only by the verbs of `booking`, which record events."""

from django.contrib import admin

from config.read_only_admin import ReadOnlyAdmin
from reservations.models import Closure, Event, Guest, Occupancy, Reservation


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ["reference", "guest", "property", "arrival", "departure", "status"]
    list_filter = ["status", "property"]
    list_select_related = ["guest", "property"]
    search_fields = ["reference", "guest__name__searchable"]
    date_hierarchy = "arrival"


@admin.register(Occupancy)
class OccupancyAdmin(ReadOnlyAdmin):
    list_display = ["unit", "property", "nights", "reservation", "closure"]
    list_filter = ["property"]
    list_select_related = ["unit", "property", "reservation", "closure"]
    search_fields = ["reservation__reference"]


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    list_display = ["unit", "property", "nights", "kind", "reopened_at"]
    list_filter = ["kind", "property"]
    list_select_related = ["unit", "property"]


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "reservation", "closure", "action", "from_status", "to_status", "actor"]
    list_filter = ["action"]
    list_select_related = ["reservation", "closure", "actor"]
    search_fields = ["reservation__reference"]


@admin.register(Guest)
class GuestAdmin(ReadOnlyAdmin):
    list_display = ["name", "phone", "email", "language", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name"]  # needed for the search box; `matching` does the search
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False
