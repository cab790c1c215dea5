# What demo and check share; sourced by both, from the top of the checkout.
# Sets venv, the folder of the virtual environment.

set -euo pipefail
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1
venv=.venv
stages=0 # set by the caller
stage=0

# Say what comes next: "[1/4] system packages".
say() {
    stage=$((stage + 1))
    printf '[%d/%d] %s\n' "$stage" "$stages" "$*"
}

is_installed() {
    dpkg-query -W -f='${Status}\n' "$1" 2>/dev/null | grep -qx 'install ok installed'
}

# Install the Debian packages that are not there yet.
system_packages() {
    local package missing=() sudo=()

    if ! command -v apt-get >/dev/null; then
        say "system packages: no apt-get here, so README.md says what you need"
        return
    fi
    # A Python that is not Debian's may bring these two itself.
    python3 -c 'import ensurepip' 2>/dev/null || set -- "$@" python3-venv
    python3 -c 'import os, sysconfig as s
os.stat(s.get_path("include") + "/Python.h")' 2>/dev/null || set -- "$@" python3-dev
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "system packages: already there"
        return
    fi
    say "system packages: installing ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    # sudo drops the environment, so that apt is told again not to ask.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# Create the virtual environment, or create it again where its Python is gone.
virtual_environment() {
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        say "virtual environment $venv: already there"
        return
    fi
    say "virtual environment $venv: creating"
    rm -rf "$venv"
    python3 -m venv "$venv"
}

# One hash over all that goes into the installed package.
fingerprint() {
    "$venv/bin/python" --version
    find CMakeLists.txt pyproject.toml README.md LICENSE libnrd python datasets \
        -type f ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

# Install the package with the given extras ("" or "[test,dev]") unless this very version
# of it is installed with them.
python_package() {
    local stamp="$venv/nrd-installed$1" found

    found=$(fingerprint | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$found" ]; then
        say "package nrd$1: already there"
        return
    fi
    say "package nrd$1: building and installing"
    rm -f "$venv"/nrd-installed*
    "$venv/bin/python" -m pip install --quiet ".$1"
    # With the extras comes the package itself.
    echo "$found" | tee "$venv/nrd-installed" >"$stamp"
}
