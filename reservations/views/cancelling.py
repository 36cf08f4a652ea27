from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from reservations import booking, lifecycle
from reservations.forms import CancelForm
from reservations.models import Reservation


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, reference):
    reservation = get_object_or_404(Reservation.objects.with_unit(), reference=reference)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        lifecycle.cancel(reservation=reservation, actor=request.user, reason=form.cleaned_data["reason"])
        undo = reverse("reservations:reinstate", args=[reference])
        messages.success(request, f"{reference} is cancelled. Its nights are free again.", extra_tags=undo)
        return redirect("reservations:detail", reference)
    if not reservation.is_open:
        raise booking.NotOpen(reservation)
    status = 422 if form.is_bound else 200
    return render(request, "reservations/cancel.html", {"form": form, "reservation": reservation}, status=status)


@require_POST
def reinstate(request, reference):
    reservation = get_object_or_404(Reservation, reference=reference)
    try:
        lifecycle.reinstate(reservation=reservation, actor=request.user)
    except booking.DatesTaken as taken:
        messages.error(request, f"{reference} stays cancelled. {taken.message}")
    else:
        messages.success(request, f"{reference} is back.")
    return redirect("reservations:detail", reference)
