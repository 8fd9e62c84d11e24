# repwatch in a container: docs/howto/run-in-a-container.md. Everything is installed by .ci/install, which .ci/run also
# runs, in a folder that holds no more than this build gets: the files that .dockerignore lets through.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY . .
RUN .ci/install /opt/repwatch

FROM python:${PYTHON}-slim
COPY --from=build /opt/repwatch /opt/repwatch
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin repwatch \
 && install -d -o repwatch -g repwatch /data
ENV PATH=/opt/repwatch/bin:$PATH
USER 10001:10001
# config.toml lies here, so no command needs --config.
WORKDIR /config
VOLUME /data
EXPOSE 8080
# Healthy while the web side answers and the database does; needs [web] listen = "0.0.0.0:8080".
HEALTHCHECK --start-period=60s --interval=30s --timeout=10s --retries=3 \
  CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8080, timeout=8); c.request('GET', '/readyz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["repwatch"]
CMD ["run"]
