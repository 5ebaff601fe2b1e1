"""Repeats the predictions of a run with PyTorch: embedder, encoder, head, from finetuned/ alone.

    mona predict RUN --output PREDICTIONS
    python predict.py RUN DATA PREDICTIONS [FOLDER]

DATA is the folder of the run's data set, FOLDER one that stands for RUN/finetuned (see sam2_trunk.py). For tasks of
classes and labels.
"""
import argparse
import json
import sys
from pathlib import Path

import torch
from pyarrow import parquet
from safetensors.torch import load_file
from torch.nn.functional import conv1d, conv2d, interpolate, layer_norm, linear
from transformers import AutoModel


def embed(x, weights, model, eps):
    """Samples [n, C, H, W] to tokens [n, tokens, width] and the shape of their map."""
    part = {name.removeprefix("target_embedder."): w for name, w in weights.items()}
    kernel, bias = part["convolution.weight"], part["convolution.bias"]
    if kernel.dim() == 3:  # an encoder of text: rows of an image are channels of a series
        tokens = conv1d(x.flatten(1, 2), kernel, bias, stride=kernel.shape[2]).transpose(1, 2)
        grid = (1, tokens.shape[1])
    else:  # an encoder of images: channels of a series are rows of an image
        x = x.transpose(1, 2) if x.shape[2] == 1 else x
        size = model.config.image_size
        size = size if isinstance(size, list) else [size, size]
        x = interpolate(x, size, mode="bilinear", align_corners=False)
        stride = getattr(model.config, "patch_stride", kernel.shape[2])
        maps = conv2d(x, kernel, bias, stride, getattr(model.config, "patch_padding", 0))
        tokens, grid = maps.flatten(2).transpose(1, 2), maps.shape[2:]
    positions = part.get("position_embeddings.weight")
    if positions is not None:  # with rows for tokens before the map, such as a class token
        before = len(positions) - tokens.shape[1]
        tokens = torch.cat([tokens.new_zeros(len(x), before, tokens.shape[2]), tokens], 1) + positions
    if "LayerNorm.weight" in part:
        gain, offset = part["LayerNorm.weight"], part["LayerNorm.bias"]
        tokens = layer_norm(tokens, gain.shape, gain, offset, eps)
    return tokens, grid


def encode(model, tokens, grid):
    if model.config.model_type == "distilbert":
        seen = torch.ones(tokens.shape[:2])
        return model.transformer(tokens, seen, [None] * model.config.n_layers)[0]
    if model.config.model_type == "swin":
        return model.layernorm(model.encoder(tokens, tuple(grid))[0])
    if model.config.model_type == "sam2_hiera_det_model":
        maps = tokens.unflatten(1, tuple(grid))
        for block in model.blocks:
            maps = block(maps)
        return maps.flatten(1, 2)
    encoded = model.encoder(tokens)[0]
    return model.layernorm(encoded) if hasattr(model, "layernorm") else encoded


@torch.no_grad()
def predict(folder, x):
    """Logits [n, outputs] of samples [n, C, H, W]."""
    model, loaded = AutoModel.from_pretrained(
        folder, output_loading_info=True, attn_implementation="eager")
    # a pooler is not used; Swin's indices follow from its window
    missing = [n for n in loaded["missing_keys"] if "pooler" not in n and "position_index" not in n]
    assert not missing, missing
    weights = load_file(Path(folder) / "model.safetensors")
    eps = getattr(model.config, "layer_norm_eps", 1e-12)
    tokens = encode(model.eval(), *embed(x, weights, model, eps))
    head = {name.removeprefix("head."): w for name, w in weights.items() if name.startswith("head.")}
    gain, offset = head["LayerNorm.weight"], head["LayerNorm.bias"]
    pooled = layer_norm(tokens, gain.shape, gain, offset, eps).mean(1)
    return linear(pooled, head["classifier.weight"], head["classifier.bias"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("run", "data", "predictions"):
        parser.add_argument(name, type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    given = parser.parse_args()
    folder = given.folder or given.run / "finetuned"
    task = json.loads((given.run / "provenance.json").read_text())["task"]
    stored = parquet.read_table(given.predictions).slice(0, 10).to_pydict()
    samples = parquet.read_table(given.data / "test.parquet").to_pydict()
    rows = dict(zip(samples["id"], samples["features"]))
    x = torch.tensor([rows[i] for i in stored["id"]])
    x = x.view(-1, task["channels"], task["height"], task["width"])
    apart = (predict(folder, x) - torch.tensor(stored["logits"])).abs().max().item()
    print(f"{len(x)} samples, logits at most {apart:.1e} apart")
    sys.exit(apart > 1e-4)
