#!/usr/bin/env bash
# Makes the archives in the folder $1 and prints the tables of docs/performance.md.
#
#   benches/run.sh DIR [PYTHON]
#
# PYTHON may have `duckdb` and `chdb` (`pip install duckdb chdb`); what is not installed is left out. SIZE and
# PEERS_SIZE are those of the archives (100MB and 20MB of gzip). Takes some ten minutes on two cores.
set -euo pipefail
dir=$(realpath -m "${1:?name a folder for the archives: benches/run.sh DIR [PYTHON]}")
python=${2:-python3}
case $python in */*) python=$(realpath -s "$python") ;; esac
cd "$(dirname "$0")/.."

cargo build --release --locked --quiet --bin trailscan --example make-archive --example compare
bin=${CARGO_TARGET_DIR:-target}/release/examples

# An archive that is there already is the same: it follows from these options alone.
archive() {
  local name=$1
  shift
  [ -f "$dir/$name.expected.json" ] || "$bin/make-archive" "$dir/$name" --seed 1 "$@" >&2
}
mkdir -p "$dir"
archive "large-${SIZE:-100MB}" --size "${SIZE:-100MB}"
archive "small-files" --small-files --files 50000
archive "peers-${PEERS_SIZE:-20MB}" --size "${PEERS_SIZE:-20MB}"

large=$dir/large-${SIZE:-100MB}
two=$(( $(nproc) > 1 ? 2 : 1 ))
printf '### Against inflating alone\n\n'
"$bin/compare" "$large"
[ "$two" = 1 ] || { printf '\n' && "$bin/compare" "$large" --threads 2; }
printf '\n### Many small files\n\n'
"$bin/compare" "$dir/small-files"
printf '\n### Against other programs\n\n'
"$bin/compare" "$dir/peers-${PEERS_SIZE:-20MB}" --pairs 3 --peers --python "$python"
printf '\n'
"$bin/compare" "$large" --pairs 3 --peers=duckdb,clickhouse --python "$python"
