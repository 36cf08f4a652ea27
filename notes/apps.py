from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "notes"

    def ready(self):
        from django_q.signals import post_spawn

        post_spawn.connect(warm_up, dispatch_uid="notes.warm_up")


def warm_up(**kwargs):
    """Have a child load the model while a fresh worker waits for its first task; each has one of its own."""
    from notes.listening import get_listener

    get_listener().start()
