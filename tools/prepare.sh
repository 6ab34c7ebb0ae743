#!/bin/sh
# Sets up what Paraph needs: `tools/prepare.sh run` for the demo, `tools/prepare.sh test` for the tests.
# System packages are installed as root or with sudo; otherwise one sentence says what to install.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}

say() { printf '%s\n' "$*" >&2; }

install_packages() {
    if [ "$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as="sudo"; else
        say "paraph: please install these Debian packages and try again: $*"; exit 2
    fi
    say "Installing $*"
    $as apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

python=${PYTHON:-python3}
command -v "$python" >/dev/null || { say "paraph: Python 3.11 or newer is needed (package python3)"; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "paraph: Python 3.11 or newer is needed; $("$python" --version) is too old"; exit 2; }
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then install_packages python3-venv; fi

lock=run; [ "$kind" = run ] || lock=dev
stamp=".venv/.paraph-$(cat requirements/$lock.txt pyproject.toml | cksum | tr ' ' '-')-$lock"
if [ ! -e "$stamp" ]; then
    say "Preparing the virtual environment .venv"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r "requirements/$lock.txt"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    touch "$stamp"
fi

if [ "$kind" = test ]; then
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium"
    [ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] || missing="$missing fonts-noto-core"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_packages $missing
fi
