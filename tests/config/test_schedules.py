"""What runs by the clock is named by a string, which nothing else compares with the code."""

import inspect

import pytest
from django.utils.module_loading import import_string
from django_q.models import Schedule


@pytest.mark.django_db
def test_each_scheduled_function_is_there_and_takes_no_arguments():
    scheduled = list(Schedule.objects.values_list("func", flat=True))

    assert "reservations.tasks.expire_lapsed" in scheduled
    for name in scheduled:
        assert not inspect.signature(import_string(name)).parameters, name
