"""What the writers of golden files share."""

import safetensors.torch
import torch
import transformers


def perturb(model):
    """Moves every parameter off its initial value, where many are 0 or 1."""
    model.eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))


def save(tensors, seed, output):
    """Writes tensors as float32 with the seed and the versions that made them."""
    safetensors.torch.save_file(
        {name: tensor.float().contiguous() for name, tensor in tensors.items()},
        output,
        metadata={
            "seed": str(seed),
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
    )
