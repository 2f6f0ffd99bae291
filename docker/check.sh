#!/usr/bin/env bash
# Builds the image as its Dockerfile says and proves what is said of it: what is in it, that it comes out the same twice,
# that it runs locked down and answers, that it works behind Caddy, that it stops under load without losing a request,
# that three replicas on Swarm are updated and rolled back without losing one, and that the files beside it are what their
# tools expect. Leaves nothing running. Needs root, python3, curl, openssl and Debian's packages for its tools, and a
# Docker engine; where there is none it fails and says so.
#
#   BASE_IMAGES=SCRIPT docker/check.sh     with a script that starts an engine where none answers, and makes stand-ins
#                                          for the base images on a machine that reaches no image registry
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
name=saywell-check
stack=$name
secret=check-only-not-a-secret
load=
made_swarm=
started_engine=

say() { printf -- '-- %s (%s s)\n' "$*" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
engine() { docker info >/dev/null 2>&1; }

# What this run, or one that was interrupted, has left in the engine.
sweep() {
    docker rm --force "$name-alone" "$name-one" "$name-caddy" "$name-client" >/dev/null 2>&1 || true
    docker network rm "$name" >/dev/null 2>&1 || true
    docker stack rm "$stack" >/dev/null 2>&1 || return 0
    for _ in $(seq 100); do
        [ -n "$(docker ps --all --quiet --filter "label=com.docker.stack.namespace=$stack")" ] || break
        sleep 0.5
    done
    docker secret rm saywell_check_secret >/dev/null 2>&1 || true
}

clean() {
    [ -z "$load" ] || kill "$load" 2>/dev/null || true
    sweep
    if [ -n "$made_swarm" ]; then docker swarm leave --force >/dev/null 2>&1 || true; fi
    docker image ls --format '{{.Repository}}:{{.Tag}}' saywell 2>/dev/null | grep '^saywell:check-' |
        xargs --no-run-if-empty docker image rm --force >/dev/null 2>&1 || true
    # What it built in between is kept for the next run, but not for ever.
    docker image prune --force --filter label=saywell.stage --filter until=24h >/dev/null 2>&1 || true
    if [ -n "$started_engine" ]; then
        local pid
        pid=$(cat /var/run/docker.pid) && kill "$pid" && tail --pid="$pid" --follow /dev/null
    fi
    rm -rf "$work"
}
trap clean EXIT

# --- tools -----------------------------------------------------------------------------------------------------------

rust=rust:$(sed -n 's/^ARG RUST=//p' docker/Dockerfile)-slim-bookworm
bases=${BASE_IMAGES:-}
if ! engine; then
    [ -f "$bases" ] || fail "no Docker engine answers, so nothing about the image can be proved"
    started_engine=1
fi
if [ -f "$bases" ] && ! docker image inspect "$rust" >/dev/null 2>&1; then
    say "an engine and the base images"
    bash "$bases" "$rust" >"$work/bases.log" 2>&1 </dev/null ||
        { cat "$work/bases.log" >&2; fail "no engine, no base images"; }
fi
# The engine's own builder where BuildKit is not installed.
docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
sweep

python=target/python/docker/bin/python
if ! cmp -s docker/check/requirements.txt target/python/docker/installed.txt; then
    python3 -m venv --clear target/python/docker
    "$python" -m pip install --quiet --requirement docker/check/requirements.txt
    cp docker/check/requirements.txt target/python/docker/installed.txt
fi
bin=target/python/docker/bin

# Only the programs: the packages proper would start servers.
unpacked() {
    [ ! -d "target/$1" ] || return 0
    apt-get update -q >/dev/null
    (cd "$work" && apt-get download -q -o APT::Sandbox::User=root "$1" >/dev/null)
    dpkg-deb --extract "$work/$1"_*.deb "target/$1"
}
unpacked prometheus
unpacked caddy
promtool=target/prometheus/usr/bin/promtool

# --- files beside the image ------------------------------------------------------------------------------------------

say "Dockerfile, compose file, stack, manifests, rules"
"$bin/hadolint" docker/Dockerfile
"$bin/check-jsonschema" --quiet --builtin-schema vendor.compose-spec docker/compose.yaml docker/compose.connect.yaml docker/stack.yaml
"$bin/kubernetes-validate" --strict --quiet docker/kubernetes/*.yaml
"$promtool" check rules docker/alerts.yaml >/dev/null
"$python" -m json.tool docker/grafana.json >/dev/null
if command -v systemd-analyze >/dev/null; then
    for unit in saywell saywell-connect; do
        sed 's|/usr/local/bin/saywell|/bin/true|' "docker/$unit.service" >"$work/$unit.service"
        systemd-analyze verify "$work/$unit.service"
    done
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
[ "$size" -lt 10500000 ] || fail "the image has $size bytes"
# The engine adds empty files of its own to every container.
files=$(find "$work/one" -type f -size +0 -printf '%P\n')
[ "$files" = saywell ] || fail "there is more in the image than the program: $files"
field() { docker image inspect --format "$1" saywell:check-1; }
[ "$(field '{{.Config.User}}')" = 65532:65532 ] || fail "the user is not a number"
[ "$(field '{{index .Config.Healthcheck.Test 1}}')" = /saywell ] || fail "there is no health check"
[ -n "$(field '{{index .Config.Labels "org.opencontainers.image.version"}}')" ] || fail "there are no labels"
"$python" docker/sbom.py "$work/one/saywell" >"$work/sbom.json"
grep -q '"pkg:cargo/actix-web@' "$work/sbom.json" || fail "the program does not say what it is made of"
say "image: $size bytes, two builds the same"

# --- one container, locked down --------------------------------------------------------------------------------------

openssl genpkey -quiet -algorithm RSA -out "$work/key.pem"
chmod 644 "$work/key.pem"
cat >"$work/settings" <<SETTINGS
SLACK_SIGNING_SECRET=$secret
SLACK_HOOKS_ORIGIN=http://127.0.0.1:8099
MATTERMOST_TOKEN=$secret
MATTERMOST_SITE_URL=http://127.0.0.1:8065
DISCORD_TEST_SEED=$secret
DISCORD_PUBLIC_KEY=$("$work/one/saywell" send discord --key --seed "$secret")
TELEGRAM_SECRET_TOKEN=$secret
TEAMS_APP_ID=00000000-0000-4000-8000-000000000001
TEAMS_KEYS=$("$work/one/saywell" send teams --keys --key "$work/key.pem")
GOOGLE_CHAT_AUDIENCE=1234567890
GOOGLE_CHAT_PROJECT_KEYS=$("$work/one/saywell" send google-chat --keys --key "$work/key.pem")
SAYWELL_SECRET=$secret
SAYWELL_PUBLIC_URL=http://127.0.0.1:8080
SAYWELL_RATE_LIMIT=off
SETTINGS
lock=(--detach --read-only --cap-drop ALL --security-opt no-new-privileges --memory 64m --pids-limit 64
    --health-interval 1s --env-file "$work/settings")

healthy() {
    for _ in $(seq 100); do
        [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = healthy ] && return
        sleep 0.1
    done
    docker logs "$1" >&2
    fail "$1 does not get healthy"
}

say "the chat platforms, without any network"
docker run "${lock[@]}" --name "$name-alone" --network none --volume "$work/key.pem:/key.pem:ro" saywell:check-1 >/dev/null
healthy "$name-alone"
inside() {
    local pattern=$1
    shift
    docker exec "$name-alone" /saywell "$@" >"$work/said" || fail "$*: $(cat "$work/said")"
    grep -q -- "$pattern" "$work/said" || fail "$*: $pattern is not in $(cat "$work/said")"
}
inside . say recover billing
inside 'Shared by <@' send slack '/recover billing' --press Another --press 'Fill in' --fill customer=Ana --press Done --press Share
inside 'to look at again' send slack '/check As per my last email'
inside '^\[Another\]$' send mattermost '/recover billing' --press Another
inside 'Shared by <@' send discord '/recover billing' --press Share
inside 'Shared by You' send telegram '/recover billing' --chat group --press Share
inside '(into your message)' send teams '/recover billing 1 customer=Ana' --key /key.pem --press Share
inside 'Shared by Ada Example' send google-chat '/recover billing 1 customer=Ana' --key /key.pem --press Share

say "phrases from the ConfigMap"
find "$work/two" -mindepth 1 -delete
"$python" docker/check/folder.py docker/kubernetes/phrasebook.yaml "$work/two"
chmod 755 "$work/two" && chmod 644 "$work/two"/*
docker run --rm --network none --volume "$work/two:/phrasebook:ro" saywell:check-1 validate /phrasebook >/dev/null

say "every kind of thing"
docker network create "$name" >/dev/null
docker run "${lock[@]}" --name "$name-one" --env SAYWELL_DRAIN=1s --network "$name" --network-alias saywell \
    --publish 127.0.0.1::8080 saywell:check-1 >/dev/null
healthy "$name-one"
reach=("http://$(docker port "$name-one" 8080/tcp)")
expect() {
    local status=$1 pattern=$2 path=$3
    shift 3
    local got
    got=$(curl --silent --show-error --max-time 5 --output "$work/body" --write-out '%{http_code}' "$@" "${reach[@]:1}" "${reach[0]}$path")
    [ "$got" = "$status" ] || fail "$path: $got, not $status"
    grep -q -- "$pattern" "$work/body" || fail "$path: $pattern is not in $(head -c 300 "$work/body")"
}
# A command with bytes that a proxy might be tempted to tidy: the signature holds for these and no others.
expect_slack() {
    local body='command=%2Frecover&text=billing+%22Z%c3%bcrich+%2f%2F%22&team_id=T1&&user_id=U1&api_app_id=A1&trigger_id=1.2'
    local stamp mac
    stamp=$(date +%s)
    mac=$(printf 'v0:%s:%s' "$stamp" "$body" | openssl dgst -sha256 -hmac "$secret" -r)
    expect 200 '"blocks"' /slack/commands --data-raw "$body" \
        --header "X-Slack-Request-Timestamp: $stamp" --header "X-Slack-Signature: v0=${mac%% *}"
    expect 401 . /slack/commands --data-raw "$body&" \
        --header "X-Slack-Request-Timestamp: $stamp" --header "X-Slack-Signature: v0=${mac%% *}"
}
expect 200 . /
expect 200 . /recover/billing
expect 200 '"id"' /v1/recover/billing
expect 200 '<html' /recover/billing --header 'Accept: text/html'
expect 200 '<html' /docs --header 'Accept: text/html'
expect 200 . '/search?q=late'
expect 200 openapi /openapi.json
expect 200 'my last email' /v1/check --data-urlencode 'text=As per my last email'
expect 200 '"matches":\[{' /v2/check --data-urlencode 'text=As per my last email' --data language=en-US
expect 404 . /no-such-command
expect 405 . /recover/billing --request DELETE
expect 200 ok /healthz
expect 200 ready /readyz
expect_slack
expect 413 . /slack/commands --request POST --header 'Content-Length: 999999999'
expect 200 saywell_build_info /metrics
cp "$work/body" "$work/metrics"
"$promtool" check metrics <"$work/metrics"
"$python" docker/check/names.py "$work/metrics" docker/alerts.yaml docker/grafana.json

say "behind Caddy"
mkdir "$work/caddy" && cp target/caddy/usr/bin/caddy "$work/caddy"
printf 'FROM debian:bookworm-slim\nCOPY caddy /caddy\nENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config\n' >"$work/caddy/Dockerfile"
docker build --quiet --tag saywell:check-caddy "$work/caddy" >/dev/null 2>&1
# For this name Caddy makes a certificate by itself.
docker run --detach --name "$name-caddy" --network "$name" --env SAYWELL_DOMAIN=localhost --publish 127.0.0.1::443 \
    --cap-drop ALL --cap-add NET_BIND_SERVICE --security-opt no-new-privileges \
    --volume "$PWD/docker/Caddyfile:/etc/caddy/Caddyfile:ro" \
    saywell:check-caddy /caddy run --config /etc/caddy/Caddyfile >/dev/null
root=$name-caddy:/data/caddy/pki/authorities/local/root.crt
reach=(https://localhost --cacert "$work/root.crt" --connect-to "localhost:443:$(docker port "$name-caddy" 443/tcp)")
for _ in $(seq 100); do
    docker cp "$root" "$work/root.crt" >/dev/null 2>&1 &&
        curl --silent --output /dev/null "${reach[@]:1}" "${reach[0]}" && break
    sleep 0.1
done
expect 200 . /recover/billing
expect 200 '<html' / --header 'Accept: text/html'
expect_slack

say "stopped under load"
# Asked at its own address: the engine's relay would take connections on behalf of a program that has gone.
address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name-one"):8080
export SLACK_SIGNING_SECRET=$secret
"$python" docker/check/load.py --until "$work/end" --address "$address" --may-end >"$work/load" &
load=$!
sleep 3
docker stop -t 20 "$name-one" >/dev/null
wait "$load" || { cat "$work/load" >&2; fail "requests were lost when it stopped"; }
[ "$(docker inspect --format '{{.State.ExitCode}}' "$name-one")" = 0 ] || fail "it did not end with 0"
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
        docker stack deploy --resolve-image never --compose-file docker/stack.yaml "$stack" >"$work/deploy" 2>&1 ||
        { cat "$work/deploy" >&2; fail "the stack cannot be deployed"; }
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
