"""The same recordings in a bucket: S3's own protocol over real HTTP, spoken with a stand-in on this machine."""

import boto3
import pytest
from botocore.config import Config
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from moto.server import ThreadedMotoServer

from config.storages import media_storage
from notes.engines.fake import FakeEngine
from notes.files.audio import NotStored
from notes.ingest import intake
from notes.models import VoiceNote
from notes.transcription import saved_notes
from tests.factories import make_reservation
from tests.notes.clips import recording

pytestmark = pytest.mark.django_db

BUCKET = "roomtone-voice"
HASTY = Config(retries={"max_attempts": 1}, connect_timeout=1)


@pytest.fixture(scope="module")
def address():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(address, settings, monkeypatch):
    """What a site's `.env` would say, and the bucket itself."""
    account = {"S3_REGION": "eu-west-1", "S3_ACCESS_KEY_ID": "desk", "S3_SECRET_ACCESS_KEY": "night"}
    for name, value in {"S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": address, **account}.items():
        monkeypatch.setenv(name, value)
    settings.STORAGES = django_settings.STORAGES | {"default": media_storage("s3", settings.MEDIA_ROOT)}
    bucket = boto3.resource(
        "s3",
        endpoint_url=address,
        region_name="eu-west-1",
        aws_access_key_id="desk",
        aws_secret_access_key="night",
    ).Bucket(BUCKET)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def test_a_note_goes_to_the_bucket_and_comes_back_byte_by_byte(bucket, desk):
    sound = recording("mp3")

    note = intake.receive(reservation=make_reservation(), author=desk.user, upload=ContentFile(sound))

    assert [stored.key for stored in bucket.objects.all()] == [note.audio.name]
    part = desk.get(reverse("notes:audio", args=[note.pk]), headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == sound[10:20]
    assert not local_files()


def test_of_a_range_only_its_bytes_are_fetched(bucket, desk):
    """A player that seeks must not fetch all of a long recording each time."""
    note = intake.receive(reservation=make_reservation(), author=desk.user, upload=ContentFile(recording("mp3")))
    asked = []
    default_storage.connection.meta.client.meta.events.register(
        "before-send.s3", lambda request, **_: asked.append((request.method, request.headers.get("Range")))
    )

    part = desk.get(reverse("notes:audio", args=[note.pk]), headers={"Range": "bytes=10-19"})
    whole = desk.get(reverse("notes:audio", args=[note.pk]))

    assert len(b"".join(part.streaming_content)) == 10
    assert len(b"".join(whole.streaming_content)) == note.size
    assert asked == [("GET", b"bytes=10-19"), ("GET", f"bytes=0-{note.size - 1}".encode())]


def test_no_store_is_asked_for_checksums_that_it_may_not_have(bucket):
    config = default_storage.connection.meta.client.meta.config

    assert config.response_checksum_validation == config.request_checksum_calculation == "when_required"


def test_an_object_that_is_gone_is_a_404_and_a_bucket_that_is_away_is_said_in_words(bucket, desk, settings):
    note = intake.receive(reservation=make_reservation(), author=desk.user, upload=ContentFile(recording("mp3")))
    bucket.objects.delete()
    assert desk.get(reverse("notes:audio", args=[note.pk])).status_code == 404

    storage = media_storage("s3", settings.MEDIA_ROOT)
    away = {"endpoint_url": "http://127.0.0.1:1", "client_config": storage["OPTIONS"]["client_config"].merge(HASTY)}
    settings.STORAGES = settings.STORAGES | {"default": storage | {"OPTIONS": storage["OPTIONS"] | away}}

    answer = desk.get(reverse("notes:audio", args=[note.pk]))

    assert answer.status_code == 503
    assert "cannot be fetched at the moment" in answer.content.decode()


def test_a_note_in_the_bucket_is_transcribed(bucket, desk):
    note = intake.receive(reservation=make_reservation(), author=desk.user, upload=ContentFile(recording("webm")))

    saved_notes.transcribe(str(note.pk), engine=FakeEngine())

    assert VoiceNote.objects.get().transcript.text


def test_a_bucket_that_is_away_refuses_the_note_in_words_and_keeps_no_row(bucket, desk, settings, monkeypatch):
    monkeypatch.setenv("S3_BUCKET", "another-bucket")
    settings.STORAGES = django_settings.STORAGES | {"default": media_storage("s3", settings.MEDIA_ROOT)}

    with pytest.raises(NotStored):
        intake.receive(reservation=make_reservation(), author=desk.user, upload=ContentFile(recording("webm")))

    assert not VoiceNote.objects.exists()


def local_files():
    """What lies on this disk although the bucket is the place for it."""
    return [path for path in django_settings.MEDIA_ROOT.rglob("*") if path.is_file()]
