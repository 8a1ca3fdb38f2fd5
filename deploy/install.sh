#!/bin/sh
# Installs coptip from this folder, without internet: install.sh TARGET [PYTHON]. The old one stays until the new one is whole.
set -eu
target=$1
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd)
new="$target.new"
rm -rf "$new"
"$python" -m venv --copies "$new"
pip="$new/bin/python -m pip install --quiet --disable-pip-version-check --no-index --find-links $here/wheels"
$pip --require-hashes -r "$here/requirements.txt"
$pip --no-deps "$here"/coptip-*.whl
"$new/bin/python" -m coptip check
# an environment knows its own place: what was made under one name is put right under the other
grep -rlI --null "$new" "$new/bin" "$new/pyvenv.cfg" | xargs -0 sed -i "s|$new|$target|g"
rm -rf "$target.old"
if [ -e "$target" ]; then mv "$target" "$target.old"; fi
mv "$new" "$target"
rm -rf "$target.old"
"$target/bin/coptip" check
echo "Installed in $target. Try: $target/bin/coptip doctor"
