"""Groups: the form for booking several rooms, the list, a group's page, and the steps of all its reservations."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.errors import DomainError
from config.htmx import render_page_or_partial
from reservations import booking
from reservations.booking import group_lifecycle
from reservations.booking.rooming_list import name_guests
from reservations.forms.groups import GroupForm, RoomingListForm
from reservations.models import Group
from reservations.overview.groups import groups_in_order, overview_of
from reservations.views.responses import offer_undo
from reservations.wording import span

PARTIALS = {"group-form": "form", "group-rooms": "refreshed-rooms"}

PER_PAGE = 50


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
def listing(request):
    page = Paginator(groups_in_order(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reservations/groups/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    """The group with its rooming list. A POST saves the names."""
    group = get_object_or_404(Group.objects.select_related("booker"), pk=pk)
    overview = overview_of(group)
    form = RoomingListForm(request.POST if request.method == "POST" else None, group=group, stays=overview.stays)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            named = name_guests(group=group, names=form.names(), actor=request.user)
        except DomainError as refused:
            overview = overview_of(group)
            form.refresh_from(overview.stays)
            form.add_error(None, refused.message)
            status = refused.status
        else:
            if named:
                offer_undo(request, f"The names of {len(named)} of the rooms are saved.", named[0])
            return redirect("reservations:group", pk)
    context = {"group": group, "overview": overview, "form": form}
    return render(request, "reservations/groups/detail.html", context, status=status)


@require_POST
def check_in(request, pk):
    group = get_object_or_404(Group, pk=pk)
    try:
        step = group_lifecycle.check_in_group(group=group, actor=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        offer_undo(request, f"{_of(group, step.done)} checked in.", step.done[0])
        for reservation, why in step.refused:
            messages.error(request, f"{reservation.reference} is not checked in. {why.message}")
    return redirect("reservations:group", pk)


@require_POST
def check_out(request, pk):
    group = get_object_or_404(Group, pk=pk)
    try:
        left = group_lifecycle.check_out_group(group=group, actor=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        offer_undo(request, f"{_of(group, left)} checked out.", left[0])
    return redirect("reservations:group", pk)


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


def _of(group, reservations):
    """Such as "3 stays of Moreau Travel are"."""
    return f"1 stay of {group} is" if len(reservations) == 1 else f"{len(reservations)} stays of {group} are"


def _show(request, form, status=200):
    return render_page_or_partial(
        request, "reservations/groups/new.html", {"form": form}, partials=PARTIALS, status=status
    )
