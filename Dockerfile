# syntax=docker/dockerfile:1
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS dependencies
COPY requirements.txt .
RUN python3 -m venv /opt/bot \
 && /opt/bot/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
 && /opt/bot/bin/python -m pip uninstall --quiet --yes pip setuptools

FROM ${PYTHON_IMAGE}
# The bot writes nothing but what a library may put into /tmp; .pyc files of our own sources are made below.
ENV PATH=/opt/bot/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=dependencies /opt/bot /opt/bot
COPY manifest.yaml ./
COPY bot ./bot
COPY handlers ./handlers
RUN rm -rf bot/sandbox && python -m compileall -q bot handlers
# A number, so that Kubernetes' runAsNonRoot can check it; the user owns nothing.
USER 10001:10001
EXPOSE 3000
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
