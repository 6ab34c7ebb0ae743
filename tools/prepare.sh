#!/bin/sh
# Sets up what Paraph needs. `tools/prepare.sh run` for the demo, `check` for the checks and tools,
# `test` for the tests as well, which also want a browser, fonts and PostgreSQL; `fuzz`, `bench` and `office` for
# what only these campaigns use.
#
# System packages are installed as root or with sudo; otherwise one sentence says what to install.
# What was prepared is noted in .venv/prepared, so that the next start only compares one line.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
note=.venv/prepared

say() { printf 'paraph: %s\n' "$*" >&2; }
fail() { say "$@"; exit 2; }

install_packages() {
    if [ "$(id -u)" = 0 ]; then as=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as="sudo"
    else as="nobody"; fi
    if [ "$as" = nobody ] || ! command -v apt-get >/dev/null; then
        fail "please install these Debian packages and try again: $*"
    fi
    say "installing $*"
    # Only errors are wanted, and apt tells them twice: what it said is shown where it failed.
    said=$($as apt-get update -qq 2>&1 && $as env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" 2>&1) ||
        { printf '%s\n' "$said" >&2; fail "apt-get could not install $*"; }
}

# One line that changes when the packages, the project's metadata, the folder or the interpreter do;
# in pyproject.toml what concerns the installation stands above [tool.ruff].
wanted() {
    printf '%s %s %s' "$(pwd -P)" "$(readlink -f .venv/bin/python)" \
        "$( (cat requirements/*.txt && sed '/^\[tool.ruff\]/,$d' pyproject.toml) | cksum)"
}

# `run`, or `dev`, which holds `run`.
prepared() {
    [ -e "$note" ] && { [ "$(cat "$note")" = "dev $(wanted)" ] || [ "$(cat "$note")" = "$lock $(wanted)" ]; }
}

find_python() {
    python=${PYTHON:-python3}
    command -v "$python" >/dev/null || fail "Python 3.11 or newer is needed (Debian's package python3)"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1)"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
}

# A virtual environment knows its folder and its interpreter: moved or half made, it is made anew.
make_environment() {
    if [ -e .venv ]; then
        grep -qsF "$(pwd -P)/.venv/bin/python" .venv/bin/pip && .venv/bin/python -c 'import pip' 2>/dev/null && return
        say "making the virtual environment .venv anew: it is not one of this folder and Python"
        rm -rf .venv
    fi
    "$python" -m venv .venv || fail "the virtual environment .venv could not be made"
}

install_python_packages() {
    pip=".venv/bin/python -m pip --disable-pip-version-check --quiet --no-input install --no-deps"
    $pip --require-hashes -r "requirements/$lock.txt" ||
        fail "the Python packages could not be installed: no connection to the package index, or not the locked files"
    # The build tool warns on every start that this installation is editable, which is what is wanted.
    PYTHONWARNINGS=ignore $pip --no-build-isolation --editable . || fail "Paraph itself could not be installed"
}

case $kind in
    run) lock=run ;;
    check | test | fuzz | bench | office) lock=dev ;;
    *) fail "tools/prepare.sh run, check, test, fuzz, bench or office" ;;
esac

if ! prepared; then
    [ -w . ] || fail "no permission to write in $PWD"
    find_python
    say "preparing the virtual environment .venv"
    make_environment
    rm -f "$note"
    install_python_packages
    echo "$lock $(wanted)" >"$note"
fi

# Each command starts anew: what it imports is compiled once, also where the environment keeps Python from it.
.venv/bin/python -m compileall -qq paraph || true

if [ "$kind" = fuzz ] && [ "$(cat .venv/prepared-fuzz 2>/dev/null)" != "$(wanted)" ]; then
    .venv/bin/python -m pip --disable-pip-version-check --quiet --no-input install --no-deps \
        --require-hashes -r requirements/fuzz.txt || fail "the Python packages for fuzz could not be installed"
    wanted >.venv/prepared-fuzz
fi

if [ "$kind" = test ] || [ "$kind" = bench ]; then
    missing=""
    [ -x /usr/bin/chromium ] || missing="$missing chromium"
    [ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] || missing="$missing fonts-noto-core"
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    # the driver of the browser is linked to it
    ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$missing libatomic1"
    # a second engine that reads Word files
    command -v pandoc >/dev/null || missing="$missing pandoc"
    # a token in software, for keys that lie in one
    command -v softhsm2-util >/dev/null || missing="$missing softhsm2"
    command -v openssl >/dev/null || missing="$missing openssl"
    # and one that reads what is printed
    command -v pdftotext >/dev/null || missing="$missing poppler-utils"
    # shellcheck disable=SC2086  # one word a package
    [ -z "$missing" ] || install_packages $missing
fi

# An office, and the Python that works it.
if [ "$kind" = office ]; then
    missing=""
    command -v soffice >/dev/null || missing="$missing libreoffice-writer-nogui"
    ls /usr/lib/libreoffice/program/libsclo.so >/dev/null 2>&1 || missing="$missing libreoffice-calc-nogui"
    ls /usr/lib/python3/dist-packages/uno.py >/dev/null 2>&1 || missing="$missing python3-uno"
    # shellcheck disable=SC2086  # one word a package
    [ -z "$missing" ] || install_packages $missing
fi

# Programs of others, in an environment of their own; one that cannot be had is left out of the bench.
if [ "$kind" = bench ]; then
    command -v wdiff >/dev/null || install_packages wdiff
    command -v git >/dev/null || install_packages git
    peers=.venv/peers
    if [ "$(cat $peers/prepared 2>/dev/null)" != "$(cksum <requirements/bench.txt)" ]; then
        say "preparing the programs that ours are measured against"
        rm -rf $peers
        .venv/bin/python -m venv $peers
        $peers/bin/python -m pip --disable-pip-version-check --quiet --no-input install --no-deps \
            --require-hashes -r requirements/bench.txt && cksum <requirements/bench.txt >$peers/prepared ||
            { rm -rf $peers; say "python-redlines could not be installed; the bench goes on without it"; }
    fi
fi
