"""Groups: the form for booking several rooms, a group's page, and the steps of all its reservations."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.errors import DomainError
from config.htmx import render_page_or_partial
from reservations import booking
from reservations.booking import group_lifecycle
from reservations.forms.groups import GroupForm
from reservations.models import Group, Reservation
from reservations.views.responses import offer_undo
from reservations.wording import span

PARTIALS = {"group-form": "form", "group-rooms": "refreshed-rooms"}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    if request.method != "POST":
        return _show(request, GroupForm(initial=request.GET.dict()))
    if request.POST.keys() & {"look", "take"}:  # these buttons only fill in the form
        fields = request.POST.dict() | dict(parse_qsl(request.POST.get("take", ""), keep_blank_values=True))
        return _show(request, GroupForm(initial=fields))
    form = GroupForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        group = booking.book_group(**form.wanted(), actor=request.user)
    except (booking.BrokenRule, booking.DatesTaken, booking.NotBookable, booking.OutsideLimits) as refused:
        form.add_error(form.field_of(refused), refused.message)
        return _show(request, form, status=refused.status)
    stay = form.cleaned_data["stay"]
    offer_undo(request, f"Reserved: {group.reservations.count()} rooms for {group}, {span(stay)}.", group)
    return redirect("reservations:group", group.pk)


@require_safe
def detail(request, pk):
    group = get_object_or_404(Group.objects.select_related("booker"), pk=pk)
    stays = Reservation.objects.with_unit().filter(group=group).order_by("arrival", "pk")
    states = {stay.shown_status for stay in stays}
    context = {"group": group, "stays": stays, "steps": group_lifecycle.steps_from(states)}
    return render(request, "reservations/groups/detail.html", context)


@require_POST
def cancel(request, pk):
    group = get_object_or_404(Group, pk=pk)
    try:
        cancelled = group_lifecycle.cancel_group(group=group, actor=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        offer_undo(request, f"{len(cancelled)} reservations of {group} are cancelled.", cancelled[0])
    return redirect("reservations:group", pk)


@require_POST
def confirm(request, pk):
    group = get_object_or_404(Group, pk=pk)
    try:
        confirmed = group_lifecycle.confirm_group(group=group, actor=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        offer_undo(request, f"All holds of {group} are confirmed.", confirmed[0])
    return redirect("reservations:group", pk)


def _show(request, form, status=200):
    return render_page_or_partial(
        request, "reservations/groups/new.html", {"form": form}, partials=PARTIALS, status=status
    )
