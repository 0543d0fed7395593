#!/usr/bin/env bash
# Gathers what a bare GPU machine needs into .gpu/: the model in two parts, wheels, pairs.
set -euo pipefail
cd "$(dirname "$0")/../.."
pairs=$1
python=${PYTHON:-.venv/bin/python}
version=${GPU_PYTHON:-3.12}

mkdir -p .gpu/wheels
gguf=$("$python" -c 'from assistant.model.base_model import embedded_gguf; print(embedded_gguf())')
split --number=2 --numeric-suffixes=1 --suffix-length=1 "$gguf" .gpu/model.part
gzip --best --stdout "$pairs" > .gpu/pairs.jsonl.gz
"$python" -m pip download --quiet --no-deps --only-binary=:all: --python-version "$version" \
  --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 \
  --platform manylinux2014_x86_64 --dest .gpu/wheels --constraint requirements.lock \
  pydantic pydantic-core annotated-types typing-inspection platformdirs gguf peft transformers \
  huggingface-hub tokenizers httpx
du -sh .gpu
