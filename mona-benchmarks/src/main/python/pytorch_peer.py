"""The benchmark's step in PyTorch.

Started by the benchmark driver with name=value arguments. Reads one request a line from standard input,
`<case> <steps>`, and answers each with one line of JSON: the seconds of every step, the variant that was
fastest at start-up, and a checksum. The first line it writes says what it is.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F


def parse(arguments):
    return {name: int(value) for name, value in (a.split("=", 1) for a in arguments)}


class Encoder:
    """Post-norm transformer encoder; a layer holds 16 tensors in the order q, k, v, o, norm, ff1, ff2, norm."""

    def __init__(self, shape):
        self.shape = shape
        width, hidden = shape["width"], shape["hidden"]
        self.layers = [
            [normal(width, width), zeros(width), normal(width, width), zeros(width)]
            + [normal(width, width), zeros(width), normal(width, width), zeros(width)]
            + [ones(width), zeros(width), normal(hidden, width), zeros(hidden)]
            + [normal(width, hidden), zeros(width), ones(width), zeros(width)]
            for _ in range(shape["layers"])
        ]

    def parameters(self):
        return [p for layer in self.layers for p in layer]

    def forward(self, x, fused, parameters=None):
        flat = parameters if parameters is not None else self.parameters()
        for start in range(0, len(flat), 16):
            x = self.layer(x, flat[start : start + 16], fused)
        return x

    def layer(self, x, w, fused):
        batch, tokens, width = x.shape
        heads = self.shape["heads"]
        q, k, v = (
            F.linear(x, w[i], w[i + 1]).view(batch, tokens, heads, width // heads).transpose(1, 2)
            for i in (0, 2, 4)
        )
        if fused:
            context = F.scaled_dot_product_attention(q, k, v)
        else:
            scores = q @ k.transpose(-1, -2) * (width // heads) ** -0.5
            context = torch.softmax(scores, -1) @ v
        context = context.transpose(1, 2).reshape(batch, tokens, width)
        x = F.layer_norm(x + F.linear(context, w[6], w[7]), (width,), w[8], w[9], 1e-12)
        hidden = F.linear(F.gelu(F.linear(x, w[10], w[11])), w[12], w[13])
        return F.layer_norm(x + hidden, (width,), w[14], w[15], 1e-12)


def normal(*shape):
    return (torch.randn(*shape) * 0.05).requires_grad_()


def zeros(*shape):
    return torch.zeros(*shape, requires_grad=True)


def ones(*shape):
    return torch.ones(*shape, requires_grad=True)


class Step:
    """One step of each case; every method returns a tensor that depends on all of the work."""

    def __init__(self, shape):
        self.shape = shape
        width, classes = shape["width"], shape["classes"]
        self.encoder = Encoder(shape)
        self.tokens = torch.randn(shape["batch"], shape["tokens"], width, requires_grad=True)
        self.upstream = torch.randn(shape["batch"], shape["tokens"], width)
        self.samples = torch.randn(
            shape["batch"], shape["channels"], shape["tokens"] * shape["kernel"]
        )
        self.labels = torch.arange(shape["batch"]) % classes
        self.embedder = [
            normal(width, shape["channels"], shape["kernel"]),
            zeros(width),
            ones(width),
            zeros(width),
            normal(shape["tokens"], width),
        ]
        self.head = [ones(width), zeros(width), normal(classes, width), zeros(classes)]
        texts = shape["sourceClasses"] * shape["samplesPerClass"]
        self.source = torch.randn(texts, shape["sourceTokens"], width)
        source_labels = torch.arange(texts) // shape["samplesPerClass"]
        self.upper = torch.triu_indices(texts, texts, 1)
        self.positive = source_labels[self.upper[0]] == source_labels[self.upper[1]]
        self.held = None

    def inner_loss(self, fused):
        shape = self.shape
        kernel, bias, gain, shift, positions = self.embedder
        x = F.conv1d(self.samples, kernel, bias, stride=shape["kernel"]).transpose(1, 2) + positions
        x = F.layer_norm(x, (shape["width"],), gain, shift, 1e-12)
        x = self.encoder.forward(x, fused)
        gain, shift, weight, bias = self.head
        x = F.layer_norm(x, (shape["width"],), gain, shift, 1e-12).mean(1)
        return F.cross_entropy(F.linear(x, weight, bias), self.labels)

    def outer_gradient(self, theta, fused):
        theta = [t.detach().requires_grad_() for t in theta]
        z = F.normalize(self.encoder.forward(self.source, fused, theta).mean(1), dim=-1)
        squared = (z[self.upper[0]] - z[self.upper[1]]).pow(2).sum(-1)
        align = squared[self.positive].mean()
        uniform = (-2 * squared).exp().mean().log()
        return torch.autograd.grad(align + uniform, theta)

    def encoder_step(self, fused):
        out = self.encoder.forward(self.tokens, fused)
        inputs = [self.tokens, *self.encoder.parameters()]
        return torch.autograd.grad(out, inputs, self.upstream)[0]

    def gradient_step(self, fused):
        inputs = [*self.embedder, *self.head, *self.encoder.parameters()]
        return torch.autograd.grad(self.inner_loss(fused), inputs)[0]

    def meta_step(self, fused, held):
        theta = self.encoder.parameters()
        trained = [*self.embedder, *self.head]
        gradients = torch.autograd.grad(
            self.inner_loss(False), [*trained, *theta], create_graph=True
        )
        own, g = gradients[: len(trained)], gradients[len(trained) :]
        if held:
            if self.held is None:
                self.held = self.outer_gradient(theta, fused)
            v = self.held
        else:
            norm = torch.sqrt(sum(t.detach().pow(2).sum() for t in g))
            v = self.outer_gradient(
                [t.detach() - 0.05 * d.detach() / norm for t, d in zip(theta, g)], fused
            )
        mixed = torch.autograd.grad(sum((a * b).sum() for a, b in zip(g, v)), self.embedder)
        inner_norm = torch.sqrt(sum(t.detach().pow(2).sum() for t in own[: len(mixed)]))
        mixed_norm = torch.sqrt(sum(t.pow(2).sum() for t in mixed))
        return own[0].detach() - inner_norm / mixed_norm * mixed[0]

    def run(self, case, fused):
        match case:
            case "encoder":
                return self.encoder_step(fused)
            case "gradient":
                return self.gradient_step(fused)
            case "exact":
                return self.meta_step(fused, held=False)
            case "gradient-alignment":
                return self.meta_step(fused, held=True)
        raise ValueError(f"unknown case {case}")


def timed(step, case, fused):
    start = time.perf_counter()
    result = step.run(case, fused)
    seconds = time.perf_counter() - start
    return seconds, float(result.sum())


def main():
    shape = parse(sys.argv[1:])
    torch.set_num_threads(shape["threads"])
    torch.manual_seed(17)
    step = Step(shape)
    say(
        {
            "peer": "PyTorch",
            "version": torch.__version__,
            "threads": torch.get_num_threads(),
            "steps": ["encoder", "gradient", "exact", "gradient-alignment"],
        }
    )
    faster = {}
    for line in sys.stdin:
        case, steps = line.split()
        if case not in faster:
            times = {fused: min(timed(step, case, fused)[0] for _ in range(4)) for fused in (True, False)}
            faster[case] = min(times, key=times.get)
        fused = faster[case]
        results = [timed(step, case, fused) for _ in range(int(steps))]
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
