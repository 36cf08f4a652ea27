from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reservations import history
from reservations.availability import presence
from reservations.booking import lifecycle
from reservations.booking.prices import grouped_by_rate
from reservations.views.responses import reservation_or_404


@require_safe
def detail(request, reference):
    reservation = reservation_or_404(request, reference)
    lines = history.entries(reservation)
    context = {
        "reservation": reservation,
        "history": lines,
        "undo": history.undo_offer(lines, request.user),
        "rates": grouped_by_rate(reservation.rates),
        "still_there": presence.still_in_room_of(reservation),
        "next_there": lifecycle.next_arrival_in(reservation) if reservation.is_departure_delayed else None,
    }
    return render(request, "reservations/detail.html", context)


@require_safe
def history_csv(request, reference):
    reservation = reservation_or_404(request, reference)
    name = f'attachment; filename="{reservation.reference}-history.csv"'
    # Spreadsheets recognise UTF-8 by a byte order mark.
    body = "\ufeff" + history.as_csv(reservation)
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
