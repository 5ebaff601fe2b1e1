"""JPEG files and their levels as Pillow gives them: planes of red, green and blue.

    python jpeg.py OUTPUT_FOLDER
"""

import pathlib
import sys

import numpy
from PIL import Image

HEIGHT, WIDTH = 11, 17


def main(output):
    generator = numpy.random.default_rng(1)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    smooth = numpy.stack(
        [128 + 100 * numpy.sin(x / 3 + y / 4), 128 + 90 * numpy.cos(x / 2), 10 * x + 7 * y], -1
    )
    noisy = smooth + generator.normal(0, 10, smooth.shape)
    colour = Image.fromarray(numpy.clip(noisy, 0, 255).astype(numpy.uint8))
    files = {
        "colour": (colour, {}),
        "progressive": (colour, {"progressive": True}),
        "grey": (colour.getchannel(0), {}),
        "cmyk": (colour.convert("CMYK"), {}),
    }
    output.mkdir(parents=True, exist_ok=True)
    for name, (image, options) in files.items():
        path = output / f"{name}.jpg"
        image.save(path, quality=85, optimize=True, **options)
        if name != "cmyk":
            planes = numpy.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1)
            (output / f"{name}.rgb").write_bytes(planes.tobytes())
    colour.save(output / "picture.webp")


main(pathlib.Path(sys.argv[1]))
