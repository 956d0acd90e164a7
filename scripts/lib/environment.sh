# Shared by the scripts of this folder, which source it with the clone as the current folder: a virtual environment that
# holds this project and some of its extras. PYTHON=... chooses the interpreter.

_script="scripts/$(basename "$0")"

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "$_script: expected Python 3.11 or newer, found none of: ${PYTHON:-python3 python3.13 python3.12 python3.11}." \
        "Install one, or name it: PYTHON=/path/to/python $_script" >&2
    return 1
}

# environment FOLDER EXTRAS: make the environment in FOLDER unless it is there already, and put its commands first in PATH.
# The stamp is written last, so an installation that was cut off is made anew; so is one that was copied from another folder.
environment() {
    local folder=$1 extras=$2 wanted python
    wanted="$PWD ${PYTHON:-default} $extras $(cksum <pyproject.toml)"
    if [[ "$(cat "$folder/stamp" 2>/dev/null)" != "$wanted" ]]; then
        python=$(find_python) || return
        echo "$_script: making $folder with $python; the installation takes a minute or two" >&2
        rm -rf "$folder"
        if ! "$python" -m venv "$folder"; then
            echo "$_script: $python cannot make a virtual environment; what it said stands above." \
                "On Debian and Ubuntu the package python3-venv is missing" >&2
            return 1
        fi
        if ! "$folder/bin/python" -m pip install -qq --no-compile --no-input --disable-pip-version-check -e ".[$extras]"; then
            echo "$_script: pip could not install this project and what it depends on; what it said stands above. Where it" \
                "reached no package index, check the network, or name a mirror: PIP_INDEX_URL=https://… $_script" >&2
            return 1
        fi
        echo "$wanted" >"$folder/stamp"
    fi
    export PATH="$PWD/$folder/bin:$PATH"
    unset PYTHONPATH PYTHONHOME
}
