# A machine for grading, with the versions that were tested. "On Linux, in a hub, in a container",
# in the instructor's guide, says how it is run and what locks student code in there.
FROM debian:bookworm-slim

# Of Debian's packages the newest: security updates count more than the same bytes.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates make python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /opt/backprop
COPY . .
RUN make .venv/installed && rm -rf /root/.cache
ENV PATH="/opt/backprop/.venv/bin:${PATH}"

# Whoever owns the course directory runs this, with any number: a home that all of them may use.
RUN useradd --create-home --uid 1000 instructor && chmod 1777 /home/instructor
ENV HOME=/home/instructor
USER 1000
WORKDIR /course
CMD ["course", "doctor"]
