"""LoRA training: pairs -> packed batches -> steps -> checkpoints -> an adapter."""
