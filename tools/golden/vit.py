"""Writes a small seeded ViT, DeiT or DINOv2, inputs, its outputs and all gradients.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python vit.py vit|deit|dinov2 OUTPUT.safetensors

The position table is one of 5 x 5 patches; the second input has the size of 7 x 7, for which
transformers interpolates it. Tensors: the encoder under its own names, the classifiers,
``input.images`` [2, 3, 20, 20], ``input.tokens`` [2 * n, W] after the embedding, ``output``
[2 * n, W] (after the last layer norm), ``output.logits`` [2, 5], ``output.weights`` and
``gradient.*``, the gradients of the sum of output times weights; of the second input
``input.larger.images`` [2, 3, 28, 28], ``input.larger.tokens`` and ``output.larger``.
"""

import sys

import golden
import torch
import transformers

SEED = 20261130
WIDTH = 12
COMMON = dict(
    hidden_size=WIDTH,
    num_hidden_layers=2,
    num_attention_heads=3,
    image_size=20,
    patch_size=4,
    num_labels=5,
    attn_implementation="sdpa",
)


def build(kind):
    """The model with its classifier, and what its embedding takes beside the images."""
    if kind == "vit":
        config = transformers.ViTConfig(intermediate_size=20, **COMMON)
        return transformers.ViTForImageClassification(config), dict(interpolate_pos_encoding=True)
    if kind == "deit":
        config = transformers.DeiTConfig(intermediate_size=20, **COMMON)
        model = transformers.DeiTForImageClassificationWithTeacher(config)
        return model, dict(interpolate_pos_encoding=True)
    config = transformers.Dinov2Config(mlp_ratio=2, **COMMON)
    return transformers.Dinov2ForImageClassification(config), {}


def main(kind, output):
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    model, resizing = build(kind)
    golden.perturb(model)
    encoder = getattr(model, kind)

    images = torch.randn(2, 3, 20, 20)
    tokens = encoder.embeddings(images)
    tokens.retain_grad()
    hidden = encoder.layernorm(encoder.encoder(tokens).last_hidden_state)
    weights = torch.randn_like(hidden)
    (hidden * weights).sum().backward()

    larger = torch.randn(2, 3, 28, 28)
    tensors = {
        "input.images": images,
        "input.tokens": tokens.detach().reshape(-1, WIDTH),
        "gradient.input.tokens": tokens.grad.reshape(-1, WIDTH),
        "output": hidden.detach().reshape(-1, WIDTH),
        "output.weights": weights.reshape(-1, WIDTH),
    }
    with torch.no_grad():
        result = model(images)
        tensors["output.logits"] = result.logits
        tensors["input.larger.images"] = larger
        embedded = encoder.embeddings(larger, **resizing)
        tensors["input.larger.tokens"] = embedded.reshape(-1, WIDTH)
        hidden = encoder(larger, **resizing).last_hidden_state
        tensors["output.larger"] = hidden.reshape(-1, WIDTH)
    for name, parameter in model.named_parameters():
        name = name.removeprefix(kind + ".")
        tensors[name] = parameter.detach()
        if parameter.grad is not None:
            tensors["gradient." + name] = parameter.grad
    golden.save(tensors, SEED, output)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
