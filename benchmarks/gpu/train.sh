#!/usr/bin/env bash
# Trains a recipe for so many seconds, going on from the checkpoint of the call before.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipe=$1 seconds=$2
home=${LLAMA_E_GPU:-/tmp/llama-e-gpu}
export PYTHONPATH="$home/site:$PWD" LLAMA_E_CACHE="$home/cache" HF_HUB_OFFLINE=1
python3 - "$recipe" "$home" <<'PY'
import sys
from pathlib import Path

import yaml

recipe, home = Path(sys.argv[1]), Path(sys.argv[2])
content = yaml.safe_load(recipe.read_text())
content.pop("data", None)
content["training"] |= {"pairs": str(home / "pairs.jsonl"), "out": str(home / "run")}
(home / "recipe.yaml").write_text(yaml.safe_dump(content))
PY
status=0
timeout "$seconds" python3 -m app finetune train "$home/recipe.yaml" || status=$?
if [ -n "${OUT:-}" ]; then
  mkdir -p "$OUT/adapter"
  cp "$home"/run/adapter/* "$OUT/adapter/" 2>/dev/null || true
  cp "$home/run/log.jsonl" "$home/run/log.png" "$home/run/samples.md" "$OUT/" 2>/dev/null || true
  newest=$(ls -d "$home"/run/checkpoints/step-* 2>/dev/null | tail -1 || true)
  [ -z "$newest" ] || cp "$newest/state.safetensors" "$OUT/$(basename "$newest").safetensors"
fi
# 124: the time is over; call again to go on.
[ "$status" = 124 ] || exit "$status"
