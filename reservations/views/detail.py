from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reservations.history import lines
from reservations.models import Reservation


@require_safe
def detail(request, reference):
    reservation = get_object_or_404(Reservation.objects.with_unit(), reference=reference)
    context = {"reservation": reservation, "history": lines(reservation)}
    return render(request, "reservations/detail.html", context)
