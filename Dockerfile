# The product's image: web, worker, beat and commands are the same image with another command.

FROM python:3.13-slim AS build
ENV UV_LINK_MODE=copy UV_NO_CACHE=1
WORKDIR /src
COPY requirements/uv.txt requirements/base.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/uv.txt \
    && uv venv --python /usr/local/bin/python3 /venv \
    && uv pip sync --require-hashes --python /venv/bin/python requirements/base.txt
COPY . .
# The settings must load to collect static files; none of these values is used, and none stays in the image.
RUN SECRET_KEY=$(head -c 48 /dev/urandom | base64 -w0) MASTER_KEY=$(head -c 32 /dev/urandom | base64 -w0) \
    DATABASE_URL=postgresql://nobody@127.0.0.1/nothing REDIS_URL=redis://127.0.0.1:9/0 \
    S3_ENDPOINT_URL=https://127.0.0.1 S3_ACCESS_KEY_ID=none S3_SECRET_ACCESS_KEY=none STATIC_ROOT=/static LOG_LEVEL=WARNING \
    /venv/bin/python manage.py collectstatic --noinput \
    && mkdir /app && cp -r manage.py accounts console helpdesk static templates tenants tickets /app \
    && /venv/bin/python -m compileall -q /app

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin chalkdesk
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONUTF8=1 STATIC_ROOT=/static
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['PLATFORM_HOST'], 'X-Forwarded-Proto': 'https'}), timeout=4)"]
# Exec form: the server itself gets the signal to stop, not a shell.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10", "helpdesk.wsgi:application"]
