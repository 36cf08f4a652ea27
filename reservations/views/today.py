from django.shortcuts import render
from django.views.decorators.http import require_safe

from reservations.badges import badges_of
from reservations.overview.today import daily_overview


@require_safe
def today(request):
    overview = daily_overview(request.user)
    listed = [*overview.due_in, *overview.due_out, *overview.in_house, *overview.holds, *overview.unassigned]
    context = {"today": overview, "badges": badges_of([reservation.pk for reservation in listed], request.user)}
    return render(request, "reservations/today.html", context)
