"""Who may open and send what: every address × each role × one's own house and another one, and who is not signed in.

`NEEDS` decides about every address; one that nobody has decided about is red. What a page shows of another house is
asked by the names of everything that is there.
"""

import datetime as dt
import re

import pytest
from django.db import transaction
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.urls.resolvers import URLResolver

from accounts.access import ALLOWED, Action, Role
from accounts.models import User
from properties.models import Property
from reservations.models import Guest
from tests.api.programs import Program
from tests.every_page import World, routes
from tests.factories import ARRIVAL, make_apartment, make_hotel, make_reservation, make_user

pytestmark = pytest.mark.django_db

# Not about one property: what is shown and taken there is limited, and the verbs ask.
ANYBODY = "anybody who is signed in"
# About what somebody has made for themselves; tests beside their views ask about others.
THEIR_OWN = "its author"
PUBLIC = "anybody"
# About all properties together.
EVERYWHERE = "whoever may keep notes at all properties"
SEE, BOOK, CHANGE, CLOSE, OVERRULE = Action.SEE, Action.BOOK, Action.CHANGE, Action.CLOSE, Action.OVERRULE
ARRANGE, RATES, LISTEN, RECORD = Action.ARRANGE, Action.RATES, Action.LISTEN, Action.RECORD
# {what a GET needs, and what a POST needs (None: there is no such method): names of addresses}
NEEDS = {
    (PUBLIC, None): "accounts:login reservations:service_worker",
    (ANYBODY, ANYBODY): "accounts:change_password accounts:logout accounts:make_token accounts:tokens notes:mark_read "
    "notes:type notes:mark_unread properties:list reservations:calendar reservations:calendar_changes "
    "reservations:calendar_prices reservations:drop reservations:groups reservations:guests reservations:list "
    "reservations:offer_guests reservations:recent reservations:search reservations:today",
    # At one property at least.
    (BOOK, None): "reservations:find",
    (BOOK, BOOK): "reservations:new reservations:new_group reservations:new_guest",
    (CLOSE, CLOSE): "reservations:broken reservations:close",
    (Action.EXPORT, None): "reservations:downtime",
    (RECORD, None): "notes:hand_over",
    (THEIR_OWN, THEIR_OWN): "accounts:revoke_token notes:recording notes:chunk notes:stop notes:save notes:discard "
    "notes:undo_save",
    (EVERYWHERE, EVERYWHERE): "notes:erasures notes:erasures_csv notes:erasures_json notes:erasure properties:new",
    (SEE, None): "properties:detail properties:rates reservations:detail reservations:history_csv "
    "reservations:calendar_card reservations:calendar_closure reservations:guest",
    (SEE, CLOSE): "reservations:closure",
    (SEE, CHANGE): "reservations:group",
    (None, CLOSE): "reservations:reopen_closure",
    (None, CHANGE): "reservations:confirm reservations:check_in reservations:free_nights reservations:no_show "
    "reservations:reinstate reservations:lock reservations:undo reservations:cancel_group reservations:confirm_group "
    "reservations:check_in_group reservations:check_out_group reservations:unmerge_guests",
    (CHANGE, CHANGE): "reservations:cancel reservations:change reservations:check_out reservations:extend_hold "
    "reservations:join reservations:split reservations:swap",
    (CHANGE, None): "reservations:move reservations:change_guest reservations:merge_guests",
    (OVERRULE, OVERRULE): "reservations:overrule reservations:unassign",
    (ARRANGE, ARRANGE): "properties:edit properties:edit_room properties:add_room_type properties:edit_room_type "
    "properties:remove_room_type",
    (None, ARRANGE): "properties:add_rooms reservations:archive_property reservations:unarchive_property "
    "reservations:archive_room reservations:unarchive_room",
    (RATES, RATES): "properties:add_rate properties:edit_rate properties:remove_rate",
    (LISTEN, None): "notes:list notes:detail notes:audio",
    (LISTEN, RECORD): "notes:create",
    (None, RECORD): "notes:type_about notes:retry",
    (None, LISTEN): "notes:mark_read_about notes:rate",
    (Action.EDIT_NOTES, Action.EDIT_NOTES): "notes:edit",
    (None, Action.EDIT_NOTES): "notes:revert notes:delete notes:restore",
    (None, Action.KEEP_NOTES): "notes:protect notes:unprotect",
    (Action.KEEP_NOTES, None): "notes:erase_guest notes:export_guest",
}
DECIDED = {name: needs for needs, names in NEEDS.items() for name in names.split()}
# The same name stands for an address about one thing and for one about all.
ABOUT_ONE = {"notes:type", "notes:mark_read"}
REFUSED = {401, 403, 404}


def _decided_name(name, arguments):
    return f"{name}_about" if name in ABOUT_ONE and arguments else name


def test_somebody_has_decided_about_every_address():
    assert {_decided_name(name, arguments) for name, arguments in routes()} == set(DECIDED)


def _cells(world, *, only_about_it=True):
    """(method, address, action that it needs) of every address about something in the world, or of all."""
    for name, arguments in routes():
        if only_about_it and not arguments:
            continue
        needs = DECIDED[_decided_name(name, arguments)]
        for method, action in zip(("get", "post"), needs, strict=True):
            if isinstance(action, Action):
                for keys in world.keys(name, arguments)[:2]:
                    yield method, _reverse(name, keys), action


def _reverse(name, keys):
    return reverse(name, kwargs=keys)


def _lines(cells):
    return "\n".join(map(str, cells))


def _status(client, method, address):
    """The status; whatever the request has changed is taken back."""
    with transaction.atomic():
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return status


@pytest.fixture
def world(db):
    """Of what is there in several sorts, those that are about the hotel."""
    world = World(make_user("owner", role=Role.MANAGER))
    world.properties = [world.hotel]
    world.guests = [guest for guest in world.guests if guest.reservations.exists()]
    return world


def _member(client, world, role):
    user = make_user(f"of-{role}", role=None)
    for property in Property.objects.all():
        user.memberships.create(role=role, property=property)
    client.force_login(user)


@pytest.mark.parametrize("role", Role)
def test_in_ones_own_house_a_role_opens_and_sends_what_it_may(client, world, role):
    _member(client, world, role)
    wrong = []
    for method, address, action in _cells(world, only_about_it=False):
        status = _status(client, method, address)
        is_right = status not in REFUSED if action in ALLOWED[role] else status == 403
        # What cannot be heard is not there for those who hear nothing.
        is_right = is_right or (status == 404 and Action.LISTEN not in ALLOWED[role] and "voice-notes" in address)
        if not is_right:
            wrong.append((method, address, action.name, status))

    assert not wrong, _lines(wrong)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.VIEWER])
def test_in_another_house_nothing_is_there(client, world, role):
    client.force_login(make_user("outsider", role=role, at=make_hotel(["1"], name="Elsewhere")))

    found = [(method, address, _status(client, method, address)) for method, address, _ in _cells(world)]

    wrong = [cell for cell in found if cell[2] != 404]
    assert not wrong, _lines(wrong)


def test_who_is_not_signed_in_is_asked_to(client, world):
    cells = [(method, address, _status(client, method, address)) for method, address, _ in _cells(world)]

    assert {status for _, _, status in cells} == {302}


# What a page leads to or sends by itself or when something is pressed.
LINK = re.compile(r'<(?P<tag>[a-z-]+)[^>]*?\s(?P<kind>href|action|formaction|hx-post|hx-get)="(?P<address>/[^"?#]*)')


def _offered(html):
    """(method, address) of the links and buttons of a page."""
    for found in LINK.finditer(html):
        is_form = found["kind"] in ("action", "formaction", "hx-post")
        is_search = found["tag"] == "form" and 'method="post"' not in found[0] + html[found.end() : found.end() + 200]
        yield ("post" if is_form and not is_search else "get"), found["address"]


@pytest.mark.parametrize("role", Role)
def test_no_page_offers_what_would_be_refused(client, world, role):
    _member(client, world, role)
    cells = _cells(world, only_about_it=False)
    pages = {address for method, address, action in cells if method == "get" and action in ALLOWED[role]}
    pages |= {
        _reverse(name, {})
        for name, arguments in routes()
        if not arguments and DECIDED[_decided_name(name, arguments)] == (ANYBODY, ANYBODY)
    }
    refused = set()
    for address in pages:
        response = client.get(address)
        for how, where in _offered("" if response.streaming else response.content.decode(errors="replace")):
            needed = _needed(how, where)
            if isinstance(needed, Action) and needed not in ALLOWED[role]:
                refused.add((address, how, where, needed.name))

    assert not refused, _lines(sorted(refused))


def _needed(method, address):
    """What `NEEDS` says of the address; None for what is no page of ours."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    decided = DECIDED.get(_decided_name(match.view_name, match.kwargs))
    return decided and decided[method == "post"]


# {beginning of an address of the API: what in the world its key is of}
OF_API = {
    "properties": "properties", "units": "units", "reservations": "stays", "guests": "guests", "groups": "groups",
    "closures": "closures", "voice-notes": "notes",
}  # fmt: skip


def _api_addresses(world):
    """Every address of the API below /api/v1/, about something in the world where it is about one thing."""
    for pattern, names in _patterns(get_resolver()):
        if pattern.startswith("api/v1/"):
            kind = pattern.split("/")[2]
            things = getattr(world, OF_API[kind]) if names else [None]
            yield names, re.sub("<[^>]+>", _key_of(things[0]), pattern.removeprefix("api/v1"))


def _patterns(resolver, beginning=""):
    for each in resolver.url_patterns:
        pattern = beginning + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each, pattern)
        else:
            yield pattern, set(each.pattern.converters)


def _key_of(thing):
    return str(getattr(thing, "reference", None) or getattr(thing, "pk", ""))


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_a_program_of_another_house_finds_nothing(world, method):
    outsider = Program.of(make_user("outsider", role=Role.MANAGER, at=make_hotel(["1"], name="Elsewhere")))
    secrets, wrong = _secrets(world), []
    for names, address in _api_addresses(world):
        response = getattr(outsider, method)(address, if_match='"1"')
        body = b"".join(response) if response.streaming else response.content
        shown = [secret for secret in secrets if secret in body.decode(errors="replace")]
        if shown or (names and response.status_code not in (404, 405)):
            wrong.append((method, address, response.status_code, shown[:4]))

    assert not wrong, _lines(wrong)


@pytest.mark.parametrize("role", [Role.HOUSEKEEPING, Role.VIEWER])
def test_who_may_not_book_sees_nowhere_how_to_reach_a_guest(client, world, role):
    Guest.objects.update(phone="+49 170 7654321", email="amara@home.example")
    _member(client, world, role)
    addresses = {address for method, address, _ in _cells(world, only_about_it=False) if method == "get"}
    addresses |= {_reverse(f"reservations:{name}", {}) for name in ("list", "guests", "today", "calendar")}
    program = Program.of(User.objects.get(username=f"of-{role}"))
    answers = [(address, client.get(address)) for address in [*addresses, "/search/?q=amara", "/search/?q=101"]]
    answers += [(address, program.get(address)) for _, address in _api_addresses(world)]

    shown = [address for address, answer in answers if not answer.streaming and b"7654321" in answer.content]

    assert [address for address, answer in answers if answer.status_code == 200] != []
    assert not shown, _lines(shown)


@pytest.mark.parametrize("how", ["page", "api"])
def test_a_full_house_names_only_houses_where_one_may_book(client, how):
    here, mine, other = make_apartment("Here"), make_apartment("Mine"), make_apartment("Not mine")
    make_reservation(here)
    user = make_user("ada", at=here)
    user.memberships.create(role=Role.SUPPORT, property=mine)
    user.memberships.create(role=Role.VIEWER, property=other)
    client.force_login(user)
    if how == "page":
        dates = {"arrival": ARRIVAL, "departure": ARRIVAL + dt.timedelta(days=2)}
        said = client.get("/reservations/new/", {"property": here.pk, **dates}).content.decode()
        offered = said[said.index('id="booking-hints"') :]
    else:
        wanted = {"property": here.pk, "arrival": "2027-05-03", "departure": "2027-05-05", "guest_name": "Bob"}
        offered = Program.of(user).post("/reservations/", wanted).content.decode()

    assert "Mine" in offered
    assert "Not mine" not in offered


def _secrets(world):
    """Names of what is in the world, none of which stands on pages of another house."""
    stays = [stay.reference for stay in world.stays]
    return {
        *stays, *(property.name for property in [*world.open_properties, world.hotel]), "Suite", "The shower leaks",
        "Two towels", "The boiler was reset",
        *Guest.objects.filter(reservations__isnull=False).values_list("name", flat=True),
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.MANAGER, Role.HOUSEKEEPING, None])
def test_nothing_of_another_house_stands_on_any_page(client, world, role):
    client.force_login(make_user("outsider", role=role, at=make_hotel(["1"], name="Elsewhere")))
    secrets, leaks = _secrets(world), []
    questions = {
        "reservations:search": [f"?q={word}" for word in ("Amara", "Bob", "101", "harbour", "shower", "towels", "RT-")],
        "reservations:list": ["?q=Bob", f"?property={world.hotel.pk}"],
        "reservations:guests": ["?q=Bob", "?sort=name"],
        "reservations:offer_guests": ["?guest=Bob"],
        "notes:list": ["?q=towels", f"?property={world.hotel.pk}"],
        "reservations:calendar": [f"?property={world.hotel.pk}"],
        "reservations:downtime": [f"?property={world.hotel.pk}"],
        "reservations:calendar_changes": ["?since=0.0"],
        "properties:list": ["?q=harbour", "?archived=on"],
    }
    for name, arguments in routes():
        if DECIDED[_decided_name(name, arguments)][0] is None:
            continue
        for keys in world.keys(name, arguments):
            for query in [*world.queries(name), *questions.get(name, ())]:
                response = client.get(_reverse(name, keys) + query)
                body = b"".join(response) if response.streaming else response.content
                shown = [secret for secret in secrets if secret in body.decode(errors="replace")]
                if shown:
                    leaks.append((name, query, response.status_code, shown[:4]))

    assert not leaks, _lines(leaks)
