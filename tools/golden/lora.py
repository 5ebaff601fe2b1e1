"""Writes what PEFT's LoRA makes of the small BERT of text.py: its names, outputs and gradients.

    venv/bin/pip install -r requirements.txt
    venv/bin/python lora.py BERT_FILE OUTPUT

Rank 3 and alpha 6 on queries and values. Tensors: A and B under the names of PEFT's own file,
``gradient.*`` of both, and ``output`` [2 * 9, W] of the input of that file with its
``output.weights``.
"""

import sys

import golden
import peft
import safetensors.torch
import torch
import transformers
from text import LENGTHS, SEED, SHAPE


def main(bert_file, output):
    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    stored = {name: t.double() for name, t in safetensors.torch.load_file(bert_file).items()}
    config = transformers.BertConfig(layer_norm_eps=1e-12, **SHAPE)
    bert = transformers.BertModel(config, add_pooling_layer=False)
    bert.load_state_dict({name: stored[name] for name in bert.state_dict() if name in stored}, False)
    model = peft.get_peft_model(
        bert, peft.LoraConfig(r=3, lora_alpha=6, target_modules=["query", "value"])
    )
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                parameter.copy_(0.3 * torch.randn_like(parameter))
    model.eval()
    seen = torch.arange(LENGTHS[0]) < torch.tensor(LENGTHS)[:, None]
    ids = stored["input.ids"].long()
    hidden = model(input_ids=ids, attention_mask=seen.long()).last_hidden_state
    weights = stored["output.weights"].reshape(hidden.shape)
    (hidden * weights).sum().backward()
    tensors = {"output": hidden.detach().reshape(-1, hidden.shape[-1])}
    for name, value in peft.get_peft_model_state_dict(model).items():
        tensors[name] = value.detach()
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            tensors["gradient." + name.replace(".default", "")] = parameter.grad
    golden.save(tensors, SEED, output)


if __name__ == "__main__":
    main(*sys.argv[1:])
