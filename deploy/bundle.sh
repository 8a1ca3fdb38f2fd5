#!/bin/sh
# Everything an installation without internet needs, in one folder: bundle.sh PYTHON FOLDER
# PYTHON: an interpreter with what requirements.txt lists, of the version and machine that the bundle is for.
set -eu
python=$1
out=$2
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out/wheels"
"$python" -m pip download --quiet --disable-pip-version-check --require-hashes -r "$here/requirements.txt" -d "$out/wheels"
"$python" -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation "$here" -w "$out"
cp "$here/requirements.txt" "$here/deploy/install.sh" "$here/docs/training-centre.md" "$out/"
cp "$here"/deploy/*.service "$here"/deploy/*.desktop "$here/deploy/nginx.conf" "$here/deploy/Caddyfile" "$out/"
echo "$out is ready. On the other machine type: sh install.sh /opt/coptip"
