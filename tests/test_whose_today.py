"""Relative days, such as "fri", are counted from the date at a property, in every form that has a day."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.http import QueryDict
from django.urls import get_resolver

from accounts.access import Access, Action
from notes.filter_forms import FilterForm
from properties.fields import DayField
from properties.forms import PreviewForm, RateForm
from reservations.forms.booking import BookingForm, CriteriaForm, filled
from reservations.forms.broken_room import BrokenRoomForm, NightsToClose
from reservations.forms.calendar import ChartForm, PriceForm
from reservations.forms.calendar_move import CalendarMoveForm
from reservations.forms.changing import ChangeForm
from reservations.forms.closures import ClosureDates, ClosureForm
from reservations.forms.fields import StayFields
from reservations.forms.groups import GroupForm
from reservations.forms.listing import SearchForm
from reservations.forms.moving import SplitForm
from reservations.forms.room_search import FindForm
from reservations.tape import chart
from tests.factories import make_apartment, make_hotel, make_reservation

pytestmark = pytest.mark.django_db

NOON = "2027-05-01T12:00:00Z"  # in Auckland it is Sunday, 2 May already
SUNDAY = dt.date(2027, 5, 2)


# Who sees everything.
SOMEBODY = SimpleNamespace(access=Access(frozenset(Action)))


def counted(form, property):
    form.count_days_in(property)
    return form


# A form of each class that has a day, filled in as far as it has to be to know its property.
FORMS = {
    BookingForm: lambda hotel: BookingForm({"property": hotel.pk}, actor=SOMEBODY),
    BrokenRoomForm: lambda hotel: BrokenRoomForm(QueryDict(), unit=hotel.units.first(), is_complete=True),
    CalendarMoveForm: lambda hotel: CalendarMoveForm({"unit": hotel.units.first().pk}, actor=SOMEBODY),
    ChangeForm: lambda hotel: ChangeForm({}, actor=SOMEBODY, reservation=make_reservation(hotel)),
    ChartForm: lambda hotel: ChartForm({}, rooms=chart.all_rooms(None, hotel.pk)),
    ClosureDates: lambda hotel: counted(ClosureDates({}), hotel),
    ClosureForm: lambda hotel: ClosureForm({}, property=hotel),
    CriteriaForm: lambda hotel: counted(CriteriaForm({}, actor=SOMEBODY), hotel),
    FilterForm: lambda hotel: FilterForm({"property": hotel.pk}, actor=SOMEBODY),
    FindForm: lambda hotel: FindForm({}),
    GroupForm: lambda hotel: GroupForm({"property": hotel.pk}, actor=SOMEBODY),
    NightsToClose: lambda hotel: NightsToClose({}, unit=hotel.units.first()),
    PreviewForm: lambda hotel: PreviewForm({}, property=hotel),
    PriceForm: lambda hotel: PriceForm({"unit": hotel.units.first().pk}, actor=SOMEBODY),
    RateForm: lambda hotel: RateForm({}, property=hotel),
    SearchForm: lambda hotel: SearchForm({"property": hotel.pk}, actor=SOMEBODY),
    SplitForm: lambda hotel: SplitForm({}, reservation=make_reservation(hotel)),
    StayFields: lambda hotel: counted(StayFields({}), hotel),
}
# Those that may ask about any property: they count from the earliest date of all.
ANY_PROPERTY = {
    BookingForm: lambda: BookingForm({}, actor=SOMEBODY),
    CalendarMoveForm: lambda: CalendarMoveForm({}, actor=SOMEBODY),
    FilterForm: lambda: FilterForm({}, actor=SOMEBODY),
    FindForm: lambda: FindForm({}),
    GroupForm: lambda: GroupForm({}, actor=SOMEBODY),
    PriceForm: lambda: PriceForm({}, actor=SOMEBODY),
    SearchForm: lambda: SearchForm({}, actor=SOMEBODY),
    StayFields: lambda: counted(StayFields({}), None),
}


@pytest.fixture(autouse=True)
def on_the_first_of_may():
    with time_machine.travel(NOON, tick=False):
        yield


def day_fields(form):
    return {name: field for name, field in form.fields.items() if isinstance(field, DayField)}


def subclasses(of):
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_form_with_a_day_is_tried_here():
    assert get_resolver().url_patterns, "forms are known when the views that show them are"
    ours = [each for each in subclasses(forms.Form) if not each.__module__.startswith("tests.")]
    with_days = {each for each in ours if any(isinstance(field, DayField) for field in each.base_fields.values())}

    assert with_days == FORMS.keys()


@pytest.mark.parametrize("form_class", FORMS, ids=lambda each: each.__name__)
def test_days_are_counted_from_the_date_at_the_property(form_class):
    form = FORMS[form_class](make_hotel(time_zone="Pacific/Auckland"))

    days = {name: field.clean("today") for name, field in day_fields(form).items()}

    assert set(days.values()) == {SUNDAY}, days


@pytest.mark.parametrize("form_class", ANY_PROPERTY, ids=lambda each: each.__name__)
def test_without_a_property_days_are_counted_from_the_earliest_date(form_class):
    """At that of UTC nobody is at the desk: in Auckland it is Sunday, in Tokyo, too."""
    make_hotel(time_zone="Pacific/Auckland")
    make_apartment(time_zone="Asia/Tokyo")

    with time_machine.travel("2027-05-01T16:00:00Z", tick=False):
        days = {name: field.clean("today") for name, field in day_fields(ANY_PROPERTY[form_class]()).items()}

    assert set(days.values()) == {SUNDAY}, days


@pytest.mark.parametrize("is_named_by_a_field", [True, False])
def test_a_picked_day_is_compared_with_an_arrival_on_the_propertys_day(is_named_by_a_field):
    hotel = make_hotel(time_zone="Pacific/Auckland")
    sent = QueryDict(f"arrival=today&departure=&pick=2027-05-02{f'&property={hotel.pk}' * is_named_by_a_field}")

    fields = filled(sent, property=None if is_named_by_a_field else hotel)

    assert (fields["arrival"], fields["departure"]) == ("2027-05-02", "")  # the same day, which is no departure


def test_a_day_in_figures_asks_for_no_date_of_a_property(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert FindForm({}).fields["arrival"].clean("2027-05-02") == SUNDAY
