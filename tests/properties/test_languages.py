import pytest

from config.language_names import code_of
from properties import languages
from properties.forms import NewPropertyForm, PropertyForm
from properties.languages import spoken_language
from properties.models import Property


@pytest.fixture
def multilingual(settings):
    settings.WHISPER_MODEL = "small"


def test_they_are_those_that_whisper_knows():
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    assert set(languages.NAMES) == set(_LANGUAGE_CODES)


@pytest.mark.parametrize(
    ("of_property", "of_site", "spoken"), [("pt", "de", "pt"), ("", "de", "de"), ("", "", ""), ("pt", "", "pt")]
)
def test_a_property_speaks_its_own_language_else_the_site_s(multilingual, settings, of_property, of_site, spoken):
    settings.WHISPER_LANGUAGE = of_site

    assert spoken_language(Property(language=of_property)) == spoken


@pytest.mark.parametrize("model", ["tiny.en", "small.en", "/models/faster-whisper-base.en"])
def test_a_model_for_english_hears_english(settings, model):
    settings.WHISPER_MODEL, settings.WHISPER_LANGUAGE = model, "de"

    assert spoken_language(Property(language="pt")) == "en"


def test_a_service_is_asked_whatever_the_local_model_is(settings):
    settings.TRANSCRIPTION_ENGINE = "openai_api"

    assert spoken_language(Property(language="pt")) == "pt"


@pytest.mark.parametrize(("said", "code"), [("english", "en"), ("Haitian Creole", "ht"), ("pt", "pt"), ("Klingon", "")])
def test_it_knows_a_language_by_name_and_by_code(said, code):
    assert code_of(said) == code


@pytest.mark.parametrize("form", [PropertyForm, NewPropertyForm])
def test_the_form_does_not_ask_where_only_english_is_understood(form):
    assert "language" not in form().fields


def test_the_form_offers_the_site_s_language_first(multilingual, settings):
    settings.WHISPER_LANGUAGE = "de"

    choices = PropertyForm().fields["language"].choices

    assert choices[:2] == [("", "Site default: German"), ("af", "Afrikaans")]


def test_without_one_whatever_is_spoken_is_understood(multilingual):
    assert PropertyForm().fields["language"].choices[0] == ("", "Whatever is spoken")


@pytest.mark.django_db
def test_a_language_is_kept_and_shown(multilingual, desk):
    terms = {
        "name": "Casa Azul", "kind": "apartment", "time_zone": "Europe/Lisbon", "check_in_time": "15:00",
        "check_out_time": "11:00", "currency": "EUR", "nightly_rate": "140", "hold_hours": "24",
    }  # fmt: skip

    desk.post("/properties/new/", terms | {"language": "pt"})

    apartment = Property.objects.get()
    assert apartment.language == "pt"
    assert b"Portuguese" in desk.get(f"/properties/{apartment.pk}/").content
    desk.post(f"/properties/{apartment.pk}/edit/", terms | {"language": ""})
    apartment.refresh_from_db()
    assert apartment.language == ""


@pytest.mark.django_db
def test_a_language_outlives_a_change_of_model(multilingual, desk, settings):
    apartment = Property.objects.create(kind="apartment", name="Casa Azul", nightly_rate=1, language="pt")
    apartment.units.create(name="Casa Azul")
    settings.WHISPER_MODEL = "tiny.en"

    form = PropertyForm.of(apartment)
    desk.post(
        f"/properties/{apartment.pk}/edit/", {name: field.value() for name, field in _fields(form)} | {"name": "B"}
    )

    apartment.refresh_from_db()
    assert (apartment.name, apartment.language) == ("B", "pt")


def _fields(form):
    return [(field.name, field) for field in form if field.value() is not None]
