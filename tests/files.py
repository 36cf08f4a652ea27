"""Where tests keep files: never where a real installation keeps them."""


def files_in(folder):
    """The settings that keep audio, chunks, the list of erasures and static files in `folder`."""
    media, static = folder / "media", folder / "static"
    static.mkdir()
    return {
        "MEDIA_ROOT": media,
        "SPOOL_DIR": folder / "spool",
        "ERASURE_LIST": folder / "erasures.jsonl",
        "STATIC_ROOT": static,
        "STORAGES": {
            "default": {
                "BACKEND": "notes.files.storage.DurableFileSystemStorage",
                "OPTIONS": {"location": media},
            },
            # Pages are rendered without a collected manifest; the running server of the e2e tests has the real one.
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }
