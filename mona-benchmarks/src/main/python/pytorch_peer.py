"""The benchmark's steps in PyTorch.

    pytorch_peer.py MODE PRECISION DATA [name=value ...]

MODE is `eager` or `compiled` (torch.compile with inductor, which needs a C++ compiler), PRECISION `float32`
or `bf16` (autocast), DATA the folder of weights and inputs that the driver wrote. Reads one request a line
from standard input, `<step> <count>`, and answers each with one line of JSON: the seconds of every step, the
variant that was fastest at start-up, and the norm of the gradient. The first line it writes says what it is.
It computes on the device that BENCHMARK_DEVICE names, `cpu` or `cuda`.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import time

import torch
import torch.nn.functional as F
from torch.func import grad

DEVICE = os.environ.get("BENCHMARK_DEVICE", "cpu")
EPSILON = 1e-12
PER_LAYER = 16


def load(folder, name, *shapes):
    """Tensors of the given shapes, one after the other in a file of little-endian floats."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    flat = torch.from_file(f"{folder}/{name}.f32", size=sum(sizes))
    return [part.clone().view(shape).to(DEVICE) for part, shape in zip(flat.split(sizes), shapes)]


class Model:
    """Embedder, post-norm encoder and head; every method takes the weights that it uses."""

    def __init__(self, shape):
        self.width, self.heads = shape["width"], shape["heads"]
        self.stride = shape["kernel"]

    def norm(self, x, gain, shift):
        return F.layer_norm(x, (self.width,), gain, shift, EPSILON)

    def encode(self, x, theta, fused):
        for start in range(0, len(theta), PER_LAYER):
            x = self.layer(x, theta[start : start + PER_LAYER], fused)
        return x

    def layer(self, x, w, fused):
        batch, tokens, width = x.shape
        q, k, v = (
            F.linear(x, w[i], w[i + 1]).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for i in (0, 2, 4)
        )
        if fused:
            context = F.scaled_dot_product_attention(q, k, v)
        else:
            scores = q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5
            context = torch.softmax(scores, -1) @ v
        context = context.transpose(1, 2).reshape(batch, tokens, width)
        x = self.norm(x + F.linear(context, w[6], w[7]), w[8], w[9])
        hidden = F.linear(F.gelu(F.linear(x, w[10], w[11])), w[12], w[13])
        return self.norm(x + hidden, w[14], w[15])

    def predict(self, samples, embedder, theta, head, fused):
        kernel, bias, gain, shift, positions = embedder
        x = F.conv1d(samples, kernel, bias, stride=self.stride).transpose(1, 2) + positions
        x = self.encode(self.norm(x, gain, shift), theta, fused)
        return F.linear(self.norm(x, head[0], head[1]).mean(1), head[2], head[3])


class Steps:
    """One step of each kind; every method returns the gradients that it is about."""

    def __init__(self, shape, folder, compiled, bf16):
        self.model = Model(shape)
        self.bf16 = bf16
        self.compiled = compiled
        width, hidden = shape["width"], shape["hidden"]
        batch, tokens, kernel = shape["batch"], shape["tokens"], shape["kernel"]
        channels, classes = shape["channels"], shape["classes"]
        square = [(width, width), (width,)]
        layer = [*square * 4, (width,), (width,), (hidden, width), (hidden,), (width, hidden), (width,)]
        layer += [(width,), (width,)]
        self.embedder = load(
            folder, "embedder", (width, channels, kernel), (width,), (width,), (width,), (tokens, width)
        )
        self.theta = load(folder, "encoder", *layer * shape["layers"])
        self.head = load(folder, "head", (width,), (width,), (classes, width), (classes,))
        (self.tokens,) = load(folder, "tokens", (batch, tokens, width))
        (self.upstream,) = load(folder, "upstream", (batch, tokens, width))
        (self.samples,) = load(folder, "samples", (batch, channels, tokens * kernel))
        self.labels = torch.arange(batch, device=DEVICE) % classes
        texts = shape["sourceClasses"] * shape["samplesPerClass"]
        (self.source,) = load(folder, "source", (texts, shape["sourceTokens"], width))
        text_labels = torch.arange(texts, device=DEVICE) // shape["samplesPerClass"]
        self.first, self.second = torch.triu_indices(texts, texts, 1, device=DEVICE)
        self.positive = (text_labels[self.first] == text_labels[self.second]).float()
        for tensor in (*self.embedder, *self.theta, *self.head, self.tokens):
            tensor.requires_grad_()
        wrap = torch.compile if compiled else lambda function: function
        self.encode = wrap(self.model.encode)
        self.inner = wrap(self.inner_loss)
        self.outer = wrap(self.outer_loss)
        self.meta = wrap(self.whole_meta_step)
        self.held = None

    def inner_loss(self, embedder, theta, head, fused):
        return F.cross_entropy(self.model.predict(self.samples, embedder, theta, head, fused), self.labels)

    def outer_loss(self, theta, fused):
        """Alignment and uniformity of the texts' representations."""
        z = F.normalize(self.model.encode(self.source, theta, fused).mean(1), dim=-1)
        squared = (z[self.first] - z[self.second]).pow(2).sum(-1)
        align = (squared * self.positive).sum() / self.positive.sum()
        return align + (-2 * squared).exp().mean().log()

    def outer_gradient(self, theta, fused):
        theta = [t.detach().requires_grad_() for t in theta]
        return torch.autograd.grad(self.outer(theta, fused), theta)

    def encoder_step(self, fused):
        out = self.encode(self.tokens, self.theta, fused)
        return torch.autograd.grad(out, [self.tokens, *self.theta], self.upstream.to(out.dtype))[:1]

    def gradient_step(self, fused):
        inputs = [*self.embedder, *self.head, *self.theta]
        loss = self.inner(self.embedder, self.theta, self.head, fused)
        return torch.autograd.grad(loss, inputs)[: len(self.embedder)]

    def meta_step(self, fused, held):
        """The mixed term by double backward."""
        trained = [*self.embedder, *self.head]
        loss = self.inner_loss(self.embedder, self.theta, self.head, False)
        gradients = torch.autograd.grad(loss, [*trained, *self.theta], create_graph=True)
        own, g = gradients[: len(self.embedder)], gradients[len(trained) :]
        if held:
            if self.held is None:
                self.held = self.outer_gradient(self.theta, fused)
            v = self.held
        else:
            v = self.outer_gradient(moved(self.theta, g), fused)
        product = sum((a * b).sum() for a, b in zip(g, v))
        mixed = torch.autograd.grad(product, self.embedder)
        return subtract(own, mixed)

    def whole_meta_step(self, embedder, theta, head, fused):
        """The same as one function of gradients of gradients, which the compiler sees whole.

        It cannot compile a double backward. Reverse over forward is no choice: PyTorch 2.15 differentiates the
        tangent of a layer norm wrongly.
        """
        own, g, _ = grad(self.inner_loss, argnums=(0, 1, 2))(embedder, theta, head, False)
        v = grad(self.outer_loss)(moved(theta, g), fused)

        def product(embedder):
            slope = grad(self.inner_loss, argnums=1)(embedder, theta, head, False)
            return sum((a * b).sum() for a, b in zip(slope, v))

        return subtract(own, grad(product)(embedder))

    def compiled_meta_step(self, fused):
        plain = ([t.detach() for t in part] for part in (self.embedder, self.theta, self.head))
        with torch.no_grad():
            return self.meta(*plain, fused)

    def run(self, kind, fused):
        # the transforms of torch.func must not see each other's casts
        with torch.autocast(DEVICE, torch.bfloat16, enabled=self.bf16, cache_enabled=kind != "exact"):
            match kind:
                case "encoder":
                    return self.encoder_step(fused)
                case "gradient":
                    return self.gradient_step(fused)
                case "exact":
                    return self.compiled_meta_step(fused) if self.compiled else self.meta_step(fused, held=False)
                case "gradient-alignment":
                    return self.meta_step(fused, held=True)
        raise ValueError(f"unknown step {kind}")


def norm(tensors):
    return torch.sqrt(sum(t.detach().float().pow(2).sum() for t in tensors))


def moved(theta, g):
    """The virtual step: 0.05 long, against the gradient."""
    length = norm(g)
    return [t.detach() - 0.05 * d.detach() / length for t, d in zip(theta, g)]


def subtract(own, mixed):
    ratio = norm(own) / norm(mixed)
    return [a.detach() - ratio * b.detach() for a, b in zip(own, mixed)]


def timed(steps, kind, fused):
    start = time.perf_counter()
    result = steps.run(kind, fused)
    if DEVICE == "cuda":
        torch.cuda.synchronize()
    seconds = time.perf_counter() - start
    return seconds, float(norm(result))


def libraries(compiled):
    text = f"PyTorch {torch.__version__}, Python {platform.python_version()}"
    if DEVICE == "cuda":
        text += ", " + torch.cuda.get_device_name()
    if compiled:
        text += ", " + subprocess.run(["g++", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return text


def main():
    mode, precision, folder, *arguments = sys.argv[1:]
    compiled = mode == "compiled"
    if compiled and shutil.which("g++") is None:
        sys.exit("torch.compile needs g++, and there is none on the PATH: install it or leave compiled PyTorch out")
    shape = {name: int(value) for name, value in (a.split("=", 1) for a in arguments)}
    torch.set_num_threads(shape["threads"])
    steps = Steps(shape, folder, compiled, precision == "bf16")
    kinds = ["encoder", "gradient", "exact"] + ([] if compiled else ["gradient-alignment"])
    say(
        {
            "version": libraries(compiled),
            "threads": torch.get_num_threads(),
            "steps": kinds,
        }
    )
    faster = {}
    for line in sys.stdin:
        kind, count = line.split()
        if kind not in faster:
            times = {fused: min(timed(steps, kind, fused)[0] for _ in range(4)) for fused in (True, False)}
            faster[kind] = min(times, key=times.get)
        fused = faster[kind]
        results = [timed(steps, kind, fused) for _ in range(int(count))]
        say(
            {
                "seconds": [seconds for seconds, _ in results],
                "variant": "fused attention" if fused else "written-out attention",
                "checksum": results[-1][1],
            }
        )


def say(message):
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
