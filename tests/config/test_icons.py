from django.template import Context, Template
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_solid


def test_icons_of_one_name_keep_their_own_attributes():
    source = (
        '{% heroicon_solid "play" class="a" %}|{% heroicon_solid "play" class="b" %}|{% heroicon_micro "key" size=9 %}'
    )

    icons = Template(source * 2).render(Context())

    expected = (heroicon_solid("play", **{"class": "a"}), heroicon_solid("play", **{"class": "b"}))
    assert icons == "|".join([*expected, heroicon_micro("key", size=9)]) * 2
