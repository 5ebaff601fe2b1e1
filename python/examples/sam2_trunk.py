"""Makes a folder that transformers loads of a run on the trunk of SAM 2 (Hiera).

    python sam2_trunk.py RUN FOLDER
    AutoModel.from_pretrained(FOLDER)

The run keeps the names of SAM 2's authors, transformers has names of its own. Embedder and head stay as they are.
"""
import argparse
import json
import re
from pathlib import Path

from safetensors.torch import load_file, save_file

RENAMED = {
    r"^patch_embed\.proj\.": "patch_embed.projection.",
    r"(^blocks\.\d+)\.norm([12])\.": r"\1.layer_norm\2.",
    r"(^blocks\.\d+)\.mlp\.layers\.0\.": r"\1.mlp.proj_in.",
    r"(^blocks\.\d+)\.mlp\.layers\.1\.": r"\1.mlp.proj_out.",
}


def name(of):
    for pattern, replacement in RENAMED.items():
        of = re.sub(pattern, replacement, of)
    return of


def configuration(ours):
    stages = range(len(ours["depths"]))
    return {
        "architectures": ["Sam2HieraDetModel"],
        "model_type": "sam2_hiera_det_model",
        "hidden_size": ours["embed_dim"],
        "num_attention_heads": ours["num_heads"],
        "image_size": [ours["image_size"]] * 2,
        "window_positional_embedding_background_size": [ours["window_pos_embed_bkg_spatial_size"]] * 2,
        "num_query_pool_stages": len(ours["depths"]) - 1,
        "blocks_per_stage": ours["depths"],
        "embed_dim_per_stage": [ours["embed_dim"] << i for i in stages],
        "num_attention_heads_per_stage": [ours["num_heads"] << i for i in stages],
        "window_size_per_stage": ours["window_spec"],
        "global_attention_blocks": ours["global_att_blocks"],
        "layer_norm_eps": ours["layer_norm_eps"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("run", "folder"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    source, target = given.run / "finetuned", given.folder
    target.mkdir(parents=True)
    weights = load_file(source / "model.safetensors")
    save_file({name(of): w for of, w in weights.items()}, target / "model.safetensors", {"format": "pt"})
    config = configuration(json.loads((source / "config.json").read_text()))
    (target / "config.json").write_text(json.dumps(config, indent=2) + "\n")
