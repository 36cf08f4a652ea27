from django.urls import include, path, register_converter

from reservations.api import problems  # noqa: F401  registers its functions
from reservations.api.references import ReferenceConverter
from reservations.api.views import availability, closures, events, groups, guests, lifecycle, reservations, rooms

register_converter(ReferenceConverter, "reference")

reservation_urls = [
    path("", reservations.OneReservation.as_view(), name="api-reservation"),
    path("confirm/", lifecycle.confirm),
    path("check-in/", lifecycle.check_in),
    path("check-out/", lifecycle.check_out),
    path("free-nights/", lifecycle.free_nights),
    path("cancel/", lifecycle.cancel),
    path("no-show/", lifecycle.mark_no_show),
    path("reinstate/", lifecycle.reinstate),
    path("extend-hold/", lifecycle.extend_hold),
    path("overrule/", lifecycle.overrule),
    path("move/", rooms.move),
    path("split/", rooms.split),
    path("join/", rooms.join),
    path("swap/", rooms.swap),
    path("unassign/", rooms.unassign),
    path("lock/", rooms.lock),
    path("unlock/", rooms.unlock),
    path("undo/", events.undo),
    path("events/", events.ReservationEvents.as_view()),
]

urlpatterns = [
    path("properties/<int:pk>/availability/", availability.PropertyAvailability.as_view(), name="api-availability"),
    path("units/<int:pk>/availability/", availability.UnitAvailability.as_view(), name="api-unit-availability"),
    path("availability/search/", availability.Search.as_view(), name="api-search"),
    path("reservations/", reservations.Reservations.as_view(), name="api-reservations"),
    path("reservations/<reference:reference>/", include(reservation_urls)),
    path("events/", events.Events.as_view()),
    path("guests/", guests.Guests.as_view(), name="api-guests"),
    path("guests/<int:pk>/", guests.OneGuest.as_view(), name="api-guest"),
    path("guests/<int:pk>/merge/", guests.Merging.as_view(), name="api-merge-guests"),
    path("guests/<int:pk>/unmerge/", guests.Unmerging.as_view(), name="api-unmerge-guest"),
    path("groups/", groups.Groups.as_view()),
    path("groups/<int:pk>/", groups.OneGroup.as_view(), name="api-group"),
    path("closures/", closures.Closures.as_view(), name="api-closures"),
    path("closures/<int:pk>/", closures.OneClosure.as_view(), name="api-closure"),
    path("closures/<int:pk>/reopen/", closures.Reopening.as_view(), name="api-reopen"),
]
