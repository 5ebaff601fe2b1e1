"""Writes a small seeded Swin encoder, an input, its output and all gradients.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python swin.py OUTPUT.safetensors

The images are no multiple of the patch, the map of 11 x 13 tokens is no multiple of the window, in
both stages, and every stage has a block with shifted windows. Tensors: the whole model under its
own names, ``input.images`` [2, 3, 43, 50], ``input.tokens`` [2 * 11 * 13, W] after the embedding,
``output`` [2 * 6 * 7, 2 W] (after the last layer norm), ``output.weights`` and ``gradient.*``, the
gradients of the sum of their product.
"""

import sys

import golden
import torch
import transformers

SEED = 20240611


def main(output):
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    config = transformers.SwinConfig(
        image_size=(44, 52),
        patch_size=4,
        embed_dim=8,
        depths=[2, 2],
        num_heads=[2, 4],
        window_size=4,
        drop_path_rate=0.0,
        hidden_dropout_prob=0.0,
        attn_implementation="eager",
    )
    model = transformers.SwinModel(config, add_pooling_layer=False)
    golden.perturb(model)

    images = torch.randn(2, 3, 43, 50)
    embedded, shape = model.embeddings(images)
    assert shape == (11, 13)
    tokens = embedded.detach().requires_grad_()
    result = model.encoder(tokens, (11, 13))
    hidden = model.layernorm(result.last_hidden_state)
    weights = torch.randn_like(hidden)
    (hidden * weights).sum().backward()

    tensors = {
        "input.images": images,
        "input.tokens": tokens.detach().reshape(-1, 8),
        "gradient.input.tokens": tokens.grad.reshape(-1, 8),
        "output": hidden.detach().reshape(-1, 16),
        "output.weights": weights.reshape(-1, 16),
    }
    for name, parameter in model.named_parameters():
        tensors[name] = parameter.detach()
        if not name.startswith("embeddings."):
            tensors["gradient." + name] = parameter.grad
    golden.save(tensors, SEED, output)


if __name__ == "__main__":
    main(sys.argv[1])
