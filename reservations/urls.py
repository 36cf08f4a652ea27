from django.urls import include, path

from reservations.views import booking, calendar, cancelling, detail, listing, today

app_name = "reservations"

reservation_urls = [
    path("", detail.detail, name="detail"),
    path("edit/", booking.change, name="change"),
    path("cancel/", cancelling.cancel, name="cancel"),
    path("reinstate/", cancelling.reinstate, name="reinstate"),
]

urlpatterns = [
    path("", today.today, name="today"),
    path("calendar/", calendar.tape_chart, name="calendar"),
    path("reservations/", listing.listing, name="list"),
    path("reservations/new/", booking.new, name="new"),
    path("reservations/<str:reference>/", include(reservation_urls)),
]
