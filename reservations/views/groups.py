"""Groups: the form for booking several rooms, the list, a group's page, and the steps of all its reservations."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Action, get_visible_or_404, require_somewhere
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
    require_somewhere(request.user, Action.BOOK)
    if request.method != "POST":
        return _show(request, GroupForm(initial=request.GET.dict(), actor=request.user))
    if request.POST.keys() & {"look", "take"}:  # these buttons only fill in the form
        fields = request.POST.dict() | dict(parse_qsl(request.POST.get("take", ""), keep_blank_values=True))
        return _show(request, GroupForm(initial=fields, actor=request.user))
    form = GroupForm(request.POST, actor=request.user)
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
    page = Paginator(groups_in_order(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reservations/groups/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    """The group with its rooming list. A POST saves the names."""
    page = _GroupPage(request, pk)
    if request.method != "POST":
        return page.show()
    if refused := page.save_names():
        return refused
    if page.named:
        offer_undo(request, page.words_of_names, page.named[0])
    return redirect("reservations:group", pk)


@require_POST
def check_in(request, pk):
    return _GroupPage(request, pk).take(group_lifecycle.check_in_group, _say_checked_in)


@require_POST
def check_out(request, pk):
    return _GroupPage(request, pk).take(
        group_lifecycle.check_out_group, lambda group, left: (f"{_of(group, left)} checked out.", left, [])
    )


@require_POST
def cancel(request, pk):
    return _GroupPage(request, pk).take(
        group_lifecycle.cancel_group,
        lambda group, gone: (f"{len(gone)} reservations of {group} are cancelled.", gone, []),
    )


@require_POST
def confirm(request, pk):
    return _GroupPage(request, pk).take(
        group_lifecycle.confirm_group, lambda group, kept: (f"All holds of {group} are confirmed.", kept, [])
    )


class _GroupPage:
    """The page of one group. All its buttons send the rooming list, so that names which are typed there are kept."""

    def __init__(self, request, pk):
        self.request = request
        needed = Action.CHANGE if request.method == "POST" else Action.SEE
        self.group = get_visible_or_404(request.user, Group.objects.select_related("booker"), needed, pk=pk)
        self.overview = overview_of(self.group)
        self.form = RoomingListForm(
            request.POST if request.method == "POST" else None, group=self.group, stays=self.overview.stays
        )
        self.named = []

    @property
    def words_of_names(self):
        return f"The names of {len(self.named)} of the rooms are saved." if self.named else ""

    def show(self, status=200):
        context = {"group": self.group, "overview": self.overview, "form": self.form}
        return render(self.request, "reservations/groups/detail.html", context, status=status)

    def save_names(self):
        """Save the names that were sent. Returns None, or the page that says why they cannot be saved."""
        if not self.form.is_valid():
            return self.show(status=422)
        try:
            self.named = name_guests(group=self.group, names=self.form.names(), actor=self.request.user)
        except DomainError as refused:
            self.overview = overview_of(self.group)
            self.form.refresh_from(self.overview.stays)
            self.form.add_error(None, refused.message)
            return self.show(status=refused.status)
        return None

    def take(self, verb, words):
        """Save the names, then call `verb` for the group. The names stay saved where the verb is refused.

        `words` makes of the group and of what the verb returns: a message, the reservations that have changed, and
        what to say of those that could not.
        """
        if page := self.save_names():
            return page
        try:
            result = verb(group=self.group, actor=self.request.user)
        except DomainError as refused:
            messages.error(self.request, refused.message)
            if self.named:
                messages.success(self.request, self.words_of_names)
        else:
            message, changed, problems = words(self.group, result)
            offer_undo(self.request, f"{message} {self.words_of_names}".strip(), changed[0])
            for problem in problems:
                messages.error(self.request, problem)
        return redirect("reservations:group", self.group.pk)


def _say_checked_in(group, step):
    problems = [f"{reservation.reference} is not checked in. {why.message}" for reservation, why in step.refused]
    return f"{_of(group, step.done)} checked in.", step.done, problems


def _of(group, reservations):
    """Such as "3 stays of Moreau Travel are"."""
    return f"1 stay of {group} is" if len(reservations) == 1 else f"{len(reservations)} stays of {group} are"


def _show(request, form, status=200):
    return render_page_or_partial(
        request, "reservations/groups/new.html", {"form": form}, partials=PARTIALS, status=status
    )
