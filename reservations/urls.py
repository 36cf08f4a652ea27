from django.urls import include, path

from reservations.views import archiving, booking, calendar, cancelling, detail, listing, today

app_name = "reservations"

reservation_urls = [
    path("", detail.detail, name="detail"),
    path("edit/", booking.change, name="change"),
    path("cancel/", cancelling.cancel, name="cancel"),
    path("reinstate/", cancelling.reinstate, name="reinstate"),
]

property_urls = [
    path("<int:pk>/archive/", archiving.archive_property, name="archive_property"),
    path("<int:pk>/unarchive/", archiving.unarchive_property, name="unarchive_property"),
    path("rooms/<int:pk>/archive/", archiving.archive_room, name="archive_room"),
    path("rooms/<int:pk>/unarchive/", archiving.unarchive_room, name="unarchive_room"),
]

calendar_urls = [
    path("", calendar.tape_chart, name="calendar"),
    path("changes/", calendar.tape_changes, name="calendar_changes"),
    path("card/<str:reference>/", calendar.card, name="calendar_card"),
    path("closure/<int:pk>/", calendar.closure_card, name="calendar_closure"),
]

urlpatterns = [
    path("", today.today, name="today"),
    path("calendar/", include(calendar_urls)),
    path("reservations/", listing.listing, name="list"),
    path("reservations/new/", booking.new, name="new"),
    path("reservations/<str:reference>/", include(reservation_urls)),
    path("properties/", include(property_urls)),
]
