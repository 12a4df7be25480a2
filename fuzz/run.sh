#!/usr/bin/env bash
# Builds the fuzz targets with stable Rust and runs each from its seeds, two at a time:
#
#     fuzz/run.sh [SECONDS] [TARGET]...
#
# Printed are the inputs that were run, the features of the code that they reached, and the peak of memory.
#
# What a run finds beside the seeds is thrown away with it. An input that breaks a target ends in status 1, is named,
# and stays in fuzz/artifacts/TARGET/; `fuzz/run.sh 0 TARGET` with it among the seeds runs it again.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-30}"
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v -- -fuzz)

# What `cargo fuzz` asks the compiler for, but for the sanitizer: that alone needs a nightly one. With `--target`, build
# scripts are built without.
export RUSTFLAGS="${RUSTFLAGS:-} --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
  -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS=$(tr -s ' \n' ' ' <<<"$RUSTFLAGS" | sed 's/^ //; s/ $//')
host=$(rustc -vV | sed -n 's/^host: //p')
target_dir="${CARGO_TARGET_DIR:-target}"
cargo build --locked --release --target "$host" --target-dir "$target_dir"

# Another SEED is another run.
seed="${SEED:-1}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs one target; what it prints is of interest where it fails.
run() {
  local target="$1" finds="$work/$1.finds" log="$work/$1.log" seeds="seeds/$1" limit="-max_total_time=$seconds"
  mkdir -p "$finds" "$seeds" "artifacts/$target"
  [ "$seconds" != 0 ] || limit="-runs=0"
  # What the program says on stderr is of no interest, and much; the fuzzer keeps its own way to the log.
  local mask=0
  [ "$target" != command_line ] || mask=2
  if "$target_dir/$host/release/$target" "$limit" -seed="$seed" -max_len=16384 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -close_fd_mask=$mask \
    -artifact_prefix="artifacts/$target/" "$finds" "$seeds" >"$log" 2>&1; then
    stat() { sed -n "s/^stat::$1: *//p" "$log"; }
    features=$(grep -o ' ft: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9)
    echo "$target: $(stat number_of_executed_units) runs, ${features:-0} features, $(stat peak_rss_mb) MB at most, nothing found"
    rmdir "artifacts/$target" artifacts 2>/dev/null || true
  else
    grep -v '^#' "$log" | tail -n 30
    echo "$target: broken by $(sed -n 's/.*Test unit written to /fuzz\//p' "$log" | tail -n 1)"
    return 1
  fi
}
export -f run
export work seconds seed host target_dir
printf '%s\n' "$@" | xargs -P 2 -I '{}' bash -c 'run "$1"' run '{}'
