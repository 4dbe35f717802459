ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src

# What the bot runs with, and apart from it what builds it; both are held to their hashes.
COPY requirements.txt requirements-dev.txt ./
RUN python -m venv /opt/keitaro-bot \
    && /opt/keitaro-bot/bin/pip install --require-hashes -r requirements.txt
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --require-hashes -r requirements-dev.txt

COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY keitaro keitaro
COPY paper paper
COPY sandbox sandbox
COPY storage storage
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/keitaro-bot/bin/pip install --no-deps /wheels/keitaro_bot-*.whl

FROM python:${PYTHON}-slim
RUN groupadd --gid 10001 bot \
    && useradd --uid 10001 --gid bot --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --group bot --mode 700 /data
COPY --from=build /opt/keitaro-bot /opt/keitaro-bot
ENV PATH=/opt/keitaro-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BOT_DATABASE=/data/bot.db \
    BOT_LISTEN=127.0.0.1:8080
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["keitaro-bot", "health"]
ENTRYPOINT ["keitaro-bot"]
CMD ["run"]
