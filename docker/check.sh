#!/usr/bin/env bash
# Builds the image as its Dockerfile says and proves what is said of it: what is in it, that it runs locked down and
# answers, that it stops under load without losing a request, that it comes out the same twice, that three replicas on
# Swarm are updated and rolled back without losing one, and that the files beside it are what their tools expect.
# Needs root, python3, curl and a Docker engine; where there is none it fails and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
stack=saywell-check
secret=check-only-not-a-secret
export SLACK_SIGNING_SECRET=$secret
made_swarm=

say() { printf -- '-- %s (%s s)\n' "$*" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

clean() {
    touch "$work/end"
    docker rm --force saywell-check-alone saywell-check-one >/dev/null 2>&1 || true
    docker stack rm "$stack" >/dev/null 2>&1 || true
    docker secret rm saywell_check_secret >/dev/null 2>&1 || true
    if [ -n "$made_swarm" ]; then docker swarm leave --force >/dev/null 2>&1 || true; fi
    rm -rf "$work"
}
trap clean EXIT

# --- tools -----------------------------------------------------------------------------------------------------------

rust=rust:$(sed -n 's/^ARG RUST=//p' docker/Dockerfile)-slim-bookworm
# A script that starts an engine and makes stand-ins for the base images, for machines that reach no image registry.
bases=${BASE_IMAGES:-}
if ! docker info >/dev/null 2>&1 || { ! docker image inspect "$rust" >/dev/null 2>&1 && [ -x "$bases" ]; }; then
    [ -f "$bases" ] || fail "no Docker engine answers, so nothing about the image can be proved"
    bash "$bases" "$rust" >"$work/bases.log" 2>&1 || { cat "$work/bases.log" >&2; fail "no engine, no base images"; }
fi
# The engine's own builder where BuildKit is not installed.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0

python=target/python/docker/bin/python
if ! cmp -s docker/check/requirements.txt target/python/docker/installed.txt; then
    python3 -m venv --clear target/python/docker
    "$python" -m pip install --quiet --requirement docker/check/requirements.txt
    cp docker/check/requirements.txt target/python/docker/installed.txt
fi
bin=target/python/docker/bin

promtool=$(command -v promtool || echo target/prometheus/usr/bin/promtool)
if [ ! -x "$promtool" ]; then
    # Only the tool: the package proper would start a server.
    apt-get update -q >/dev/null
    (cd "$work" && apt-get download -q prometheus >/dev/null)
    dpkg-deb --extract "$work"/prometheus_*.deb target/prometheus
fi

# --- files beside the image ------------------------------------------------------------------------------------------

say "Dockerfile, compose file, stack, manifests, rules"
"$bin/hadolint" docker/Dockerfile
"$bin/check-jsonschema" --quiet --builtin-schema vendor.compose-spec docker/compose.yaml docker/stack.yaml
"$bin/kubernetes-validate" --strict --quiet docker/kubernetes/*.yaml
"$promtool" check rules docker/alerts.yaml >/dev/null
"$python" -m json.tool docker/grafana.json >/dev/null
if command -v systemd-analyze >/dev/null; then
    sed 's|/usr/local/bin/saywell|/bin/true|' docker/saywell.service >"$work/saywell.service"
    systemd-analyze verify "$work/saywell.service"
else
    echo "systemd is not here: the unit was not verified"
fi

# --- the image -------------------------------------------------------------------------------------------------------

build() { docker build --quiet --file docker/Dockerfile "$@" . >>"$work/build.log" 2>&1; }

say "building the dependencies"
build --target dependencies || { tail -50 "$work/build.log" >&2; fail "the dependencies do not build"; }
say "building the program, twice at once"
build --build-arg ROUND=2 --tag saywell:check-again &
again=$!
build --tag saywell:check-1 || { tail -50 "$work/build.log" >&2; fail "the image does not build"; }
wait "$again" || fail "the second build failed"
# A second version for the update, and one that cannot start for the rollback.
build --build-arg VERSION=2 --tag saywell:check-2
printf 'FROM saywell:check-2\nENV SAYWELL_PHRASEBOOK=/nowhere\n' | docker build --quiet --tag saywell:check-broken - >/dev/null 2>&1

content() {
    local made
    made=$(docker create "$1")
    docker export "$made" | tar --extract --directory "$2"
    docker rm "$made" >/dev/null
}
mkdir "$work/one" "$work/two"
content saywell:check-1 "$work/one"
content saywell:check-again "$work/two"
cmp "$work/one/saywell" "$work/two/saywell" || fail "two builds are not the same"
size=$(docker image inspect --format '{{.Size}}' saywell:check-1)
[ "$size" -lt 10000000 ] || fail "the image has $size bytes"
# The engine adds empty files of its own to every container.
files=$(find "$work/one" -type f -size +0 -printf '%P\n')
[ "$files" = saywell ] || fail "there is more in the image than the program: $files"
field() { docker image inspect --format "$1" saywell:check-1; }
[ "$(field '{{.Config.User}}')" = 65532:65532 ] || fail "the user is not a number"
[ "$(field '{{index .Config.Healthcheck.Test 1}}')" = /saywell ] || fail "there is no health check"
[ -n "$(field '{{index .Config.Labels "org.opencontainers.image.version"}}')" ] || fail "there are no labels"
say "image: $size bytes, two builds the same"

# --- one container, locked down --------------------------------------------------------------------------------------

lock=(--detach --read-only --cap-drop ALL --security-opt no-new-privileges --memory 64m --pids-limit 64
    --health-interval 1s --env SLACK_SIGNING_SECRET --env SAYWELL_RATE_LIMIT=off)

healthy() {
    for _ in $(seq 100); do
        [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = healthy ] && return
        sleep 0.1
    done
    docker logs "$1" >&2
    fail "$1 does not get healthy"
}

say "without any network"
docker run "${lock[@]}" --name saywell-check-alone --network none saywell:check-1 >/dev/null
healthy saywell-check-alone
docker exec saywell-check-alone /saywell say recover billing >/dev/null
docker exec saywell-check-alone /saywell send slack "/recover billing" >"$work/slack"
[ -s "$work/slack" ] || fail "Slack's command is not answered"
"$python" docker/check/folder.py docker/kubernetes/phrasebook.yaml "$work/two"
rm "$work/two/saywell"
find "$work/two" -mindepth 1 ! -name '*.toml' -delete
chmod 755 "$work/two" && chmod 644 "$work/two"/*
docker run --rm --network none --volume "$work/two:/phrasebook:ro" saywell:check-1 validate /phrasebook >/dev/null

say "every kind of thing"
docker run "${lock[@]}" --name saywell-check-one --env SAYWELL_DRAIN=1s --publish 127.0.0.1::8080 saywell:check-1 >/dev/null
healthy saywell-check-one
published=http://$(docker port saywell-check-one 8080/tcp)
expect() {
    local status=$1 pattern=$2 path=$3
    shift 3
    local got
    got=$(curl --silent --show-error --max-time 5 --output "$work/body" --write-out '%{http_code}' "$@" "$published$path")
    [ "$got" = "$status" ] || fail "$path: $got, not $status"
    grep -q -- "$pattern" "$work/body" || fail "$path: $pattern is not in $(head -c 300 "$work/body")"
}
expect 200 . /
expect 200 . /recover/billing
expect 200 '"id"' /v1/recover/billing
expect 200 '<html' /recover/billing --header 'Accept: text/html'
expect 200 . '/search?q=late'
expect 200 openapi /openapi.json
expect 404 . /no-such-command
expect 405 . /recover/billing --request DELETE
expect 200 ok /healthz
expect 200 ready /readyz
expect 401 . /slack/commands --data text=billing
expect 413 . /slack/commands --request POST --header 'Content-Length: 999999999'
expect 200 saywell_build_info /metrics
cp "$work/body" "$work/metrics"
"$promtool" check metrics <"$work/metrics"
"$python" docker/check/names.py "$work/metrics" docker/alerts.yaml docker/grafana.json

say "stopped under load"
# Asked at its own address: the engine's relay would take connections on behalf of a program that has gone.
address=$(docker inspect --format '{{.NetworkSettings.IPAddress}}' saywell-check-one):8080
"$python" docker/check/load.py --until "$work/end" --address "$address" --may-end >"$work/load" &
load=$!
sleep 3
docker stop --time 20 saywell-check-one >/dev/null
wait "$load" || { cat "$work/load" >&2; fail "requests were lost when it stopped"; }
[ "$(docker inspect --format '{{.State.ExitCode}}' saywell-check-one)" = 0 ] || fail "it did not end with 0"
say "$(cat "$work/load")"

# --- three replicas --------------------------------------------------------------------------------------------------

if [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = inactive ]; then
    docker swarm init --advertise-addr 127.0.0.1 >/dev/null
    made_swarm=1
fi
printf %s "$secret" | docker secret create saywell_check_secret - >/dev/null

# Every replica has a port of its own here, and the load is spread by readiness: the engine's routing mesh needs IPVS,
# which not every kernel has.
deploy() {
    SAYWELL_IMAGE=$1 SAYWELL_RATE_LIMIT=off SAYWELL_SECRET_NAME=saywell_check_secret SAYWELL_UPDATE_DELAY=1s \
        SAYWELL_PORT=0 SAYWELL_PORT_MODE=host SAYWELL_ENDPOINT_MODE=dnsrr \
        docker stack deploy --resolve-image never --compose-file docker/stack.yaml "$stack" >/dev/null 2>&1
}
running() {
    docker ps --filter "label=com.docker.swarm.service.name=${stack}_saywell" --filter health=healthy --format '{{.Image}}' |
        grep -c "^$1\$" || true
}
settled() {
    for _ in $(seq 240); do
        [ "$(running "$1")" = 3 ] && [ "$(docker ps --quiet --filter "label=com.docker.swarm.service.name=${stack}_saywell" | wc -l)" = 3 ] && return
        sleep 0.5
    done
    docker service ps --no-trunc "${stack}_saywell" >&2
    fail "three replicas of $1 do not come up"
}
update_state() { docker service inspect --format '{{.UpdateStatus.State}}' "${stack}_saywell"; }

say "three replicas"
deploy saywell:check-1
settled saywell:check-1
"$python" docker/check/load.py --until "$work/end" --service "${stack}_saywell" >"$work/load" &
load=$!
sleep 2
say "updating under load"
deploy saywell:check-2
settled saywell:check-2
say "a broken version under load"
deploy saywell:check-broken
for _ in $(seq 240); do
    [ "$(update_state)" = rollback_completed ] && break
    sleep 0.5
done
[ "$(update_state)" = rollback_completed ] || fail "no rollback: $(update_state)"
settled saywell:check-2
touch "$work/end"
wait "$load" || { cat "$work/load" >&2; fail "requests were lost in an update"; }
say "$(cat "$work/load")"
say "the image and the stack are as they should be"
