"""Writes small seeded BERT and RoBERTa encoders, texts, hidden states and all gradients.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python text.py OUTPUT_FOLDER

Two texts of 9 and 5 tokens. Tensors: the whole model under its own names, ``input.ids`` and
``input.lengths``, ``output`` [2 * 9, W], ``output.weights`` (0 for padding) and ``gradient.*`` of
the encoder, the gradients of the sum of their product.
"""

import pathlib
import sys

import golden
import torch
import transformers

SEED = 20240612
LENGTHS = [9, 5]
SHAPE = dict(
    vocab_size=50,
    hidden_size=24,
    num_hidden_layers=2,
    num_attention_heads=3,
    intermediate_size=40,
    max_position_embeddings=20,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
    attn_implementation="eager",
)


def write(model, output, seed=SEED, layers="encoder."):
    golden.perturb(model)
    ids = torch.randint(4, 50, (2, LENGTHS[0]))
    seen = torch.arange(LENGTHS[0]) < torch.tensor(LENGTHS)[:, None]
    ids[~seen] = model.config.pad_token_id
    hidden = model(input_ids=ids, attention_mask=seen.long()).last_hidden_state
    weights = torch.randn_like(hidden) * seen[:, :, None]
    (hidden * weights).sum().backward()
    tensors = {
        "input.ids": ids.double(),
        "input.lengths": torch.tensor(LENGTHS).double(),
        "output": hidden.detach().reshape(-1, 24),
        "output.weights": weights.reshape(-1, 24),
    }
    for name, parameter in model.named_parameters():
        tensors[name] = parameter.detach()
        if name.startswith(layers):
            tensors["gradient." + name] = parameter.grad
    golden.save(tensors, seed, output)


def main(folder):
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    bert = transformers.BertConfig(layer_norm_eps=1e-12, **SHAPE)
    write(transformers.BertModel(bert, add_pooling_layer=False), folder / "bert.safetensors")
    roberta = transformers.RobertaConfig(layer_norm_eps=1e-5, type_vocab_size=1, **SHAPE)
    write(
        transformers.RobertaModel(roberta, add_pooling_layer=False),
        folder / "roberta.safetensors",
    )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
