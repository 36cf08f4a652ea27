# Roomtone's web server or worker; `compose.yaml` runs both beside a PostgreSQL.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes --requirement /tmp/requirements.txt

FROM python:3.12-slim
RUN useradd --uid 1000 --create-home --home-dir /home/roomtone roomtone \
    && mkdir /data && chown roomtone: /data
COPY --from=build /venv /venv
# The code belongs to root, so that the server cannot write beside it, where files would be lost with the container.
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH DJANGO_SETTINGS_MODULE=config.settings PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/data MEDIA_ROOT=/data/media HOST=0.0.0.0 PORT=8000 HF_HOME=/data/models
USER roomtone
RUN python -c "import django; from config import static_files; django.setup(); static_files.collect_changed()"
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "--only", "web"]
