from django.urls import include, path

from reservations.views import (
    archiving,
    booking,
    broken_room,
    calendar,
    calendar_move,
    changing,
    closures,
    detail,
    downtime,
    groups,
    guests,
    lifecycle,
    listing,
    moving,
    recent,
    room_search,
    search,
    today,
    undoing,
)

app_name = "reservations"

reservation_urls = [
    path("", detail.detail, name="detail"),
    path("edit/", changing.change, name="change"),
    path("confirm/", lifecycle.confirm, name="confirm"),
    path("check-in/", lifecycle.check_in, name="check_in"),
    path("check-out/", lifecycle.check_out, name="check_out"),
    path("free-nights/", lifecycle.free_nights, name="free_nights"),
    path("no-show/", lifecycle.mark_no_show, name="no_show"),
    path("cancel/", lifecycle.cancel, name="cancel"),
    path("reinstate/", lifecycle.reinstate, name="reinstate"),
    path("extend-hold/", lifecycle.extend_hold, name="extend_hold"),
    path("overrule/", lifecycle.overrule, name="overrule"),
    path("history.csv", detail.history_csv, name="history_csv"),
    path("move/", changing.move, name="move"),
    path("split/", moving.split, name="split"),
    path("join/", moving.join, name="join"),
    path("swap/", moving.swap, name="swap"),
    path("unassign/", moving.unassign, name="unassign"),
    path("lock/", moving.lock, name="lock"),
]

guest_urls = [
    path("", guests.listing, name="guests"),
    path("new/", guests.new, name="new_guest"),
    path("offers/", guests.offer, name="offer_guests"),
    path("<int:pk>/", guests.detail, name="guest"),
    path("<int:pk>/edit/", guests.change, name="change_guest"),
    path("<int:pk>/merge/", guests.merge, name="merge_guests"),
    path("<int:pk>/unmerge/", guests.unmerge, name="unmerge_guests"),
]

group_urls = [
    path("", groups.listing, name="groups"),
    path("<int:pk>/", groups.detail, name="group"),
    path("<int:pk>/check-in/", groups.check_in, name="check_in_group"),
    path("<int:pk>/check-out/", groups.check_out, name="check_out_group"),
    path("<int:pk>/cancel/", groups.cancel, name="cancel_group"),
    path("<int:pk>/confirm/", groups.confirm, name="confirm_group"),
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
    path("prices/", calendar.prices, name="calendar_prices"),
    path("move/", calendar_move.drop, name="drop"),
]

closure_urls = [
    path("new/", closures.new, name="close"),
    path("broken/", broken_room.broken, name="broken"),
    path("<int:pk>/", closures.closure, name="closure"),
    path("<int:pk>/reopen/", closures.reopen, name="reopen_closure"),
]

urlpatterns = [
    path("", today.today, name="today"),
    path("calendar/", include(calendar_urls)),
    path("downtime/", downtime.downtime, name="downtime"),
    path("service-worker.js", downtime.service_worker, name="service_worker"),
    path("find/", room_search.find, name="find"),
    path("search/", search.results, name="search"),
    path("recent/", recent.recent, name="recent"),
    path("reservations/", listing.listing, name="list"),
    path("reservations/new/", booking.new, name="new"),
    path("reservations/undo/<int:pk>/", undoing.undo, name="undo"),
    path("reservations/new-group/", groups.new, name="new_group"),
    path("reservations/<str:reference>/", include(reservation_urls)),
    path("closures/", include(closure_urls)),
    path("groups/", include(group_urls)),
    path("guests/", include(guest_urls)),
    path("properties/", include(property_urls)),
]
