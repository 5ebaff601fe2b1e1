"""Writes a small seeded DistilBERT encoder, texts, hidden states and all gradients.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python distilbert.py OUTPUT.safetensors

The same two texts, tensors and names as of ``text.py``.
"""

import sys

import text
import torch
import transformers

SEED = 20240613


def main(output):
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    config = transformers.DistilBertConfig(
        vocab_size=50,
        dim=24,
        n_layers=2,
        n_heads=3,
        hidden_dim=40,
        max_position_embeddings=20,
        dropout=0.0,
        attention_dropout=0.0,
        attn_implementation="eager",
    )
    text.write(transformers.DistilBertModel(config), output, SEED, layers="transformer.")


if __name__ == "__main__":
    main(sys.argv[1])
