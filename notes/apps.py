import logging

from django.apps import AppConfig

logger = logging.getLogger(__name__)


class NotesConfig(AppConfig):
    name = "notes"

    def ready(self):
        from django_q.signals import post_spawn

        post_spawn.connect(warm_up, dispatch_uid="notes.warm_up")


def warm_up(**kwargs):
    """Load the model in a fresh worker, never before its fork. Without a model notes stay queued; the worker lives."""
    from notes.engines import get_engine
    from notes.engines.base import EngineUnavailable

    try:
        get_engine().load()
    except EngineUnavailable as error:
        logger.error("Voice notes wait, because no speech model could be loaded: %s", error)
