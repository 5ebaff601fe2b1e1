"""Arrays with a card, for `mona convert`, from sets of NAS-Bench-360 as they are published.

    python3 prepare.py SET INPUT OUTPUT

SET        INPUT
ecg        challenge2017.pkl
satellite  folder with satellite_train.npy and satellite_test.npy
deepsea    deepsea_filtered.npz
ninapro    folder with ninapro_{train,val,test}.npy and label_{train,val,test}.npy
cosmic     folder with npy_train/f435w and npy_test/f435w, unpacked from the two tar files
psicov     folder with deepcov and psicov, each with features and distance

Some of these files are pickles, which can run code when they are read. Here they cannot: names
other than those that NumPy's arrays need are refused before anything is made of them.
"""

import argparse
import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np

ARRAY_NAMES = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy._core.numeric", "_frombuffer"),
    ("_codecs", "encode"),
}


class RefusedError(Exception):
    """A file that is not what is published; the message says what and why."""


class ArraysOnly(pickle.Unpickler):
    """Reads plain Python values and NumPy arrays, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuses every name but those of arrays."""
        if (module, name) not in ARRAY_NAMES:
            raise RefusedError(f"it names {module}.{name}, which arrays do not need")
        return super().find_class(module, name)


def unpickled(stream: BinaryIO, name: str) -> Any:
    """What a pickle of arrays holds."""
    try:
        return ArraysOnly(stream, encoding="latin1").load()
    except RefusedError as e:
        raise RefusedError(f"{name} is refused: {e}") from e
    except Exception as e:
        raise RefusedError(f"{name} is no pickle of arrays ({e}): fetch it again") from e


def pickled(path: Path) -> Any:
    """What a file that is a pickle holds."""
    with path.open("rb") as stream:
        return unpickled(stream, str(path))


def objects(path: Path) -> Any:
    """What an npy file of Python objects holds."""
    with path.open("rb") as stream:
        try:
            version = np.lib.format.read_magic(stream)
            header = getattr(np.lib.format, f"read_array_header_{version[0]}_{version[1]}")
            shape, _, dtype = header(stream)
        except (AttributeError, ValueError) as e:
            raise RefusedError(f"{path} is no npy file ({e}): fetch it again") from e
        if not dtype.hasobject:
            return array(path)
        return np.asarray(unpickled(stream, str(path)), dtype=object).reshape(shape)


def array(path: Path) -> np.ndarray:
    """The numbers of an npy file."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as e:
        raise RefusedError(f"{path} is no npy file of numbers ({e}): fetch it again") from e


def field(record: Any, key: str, name: str) -> Any:
    """A value of a published dictionary."""
    if not isinstance(record, dict) or key not in record:
        raise RefusedError(f"{name} is no dictionary with {key}: give the published file")
    return record[key]


def write_card(output: Path, card: dict[str, Any], splits: dict[str, int]) -> None:
    """Writes the card with the samples of each split."""
    (output / "card.json").write_text(json.dumps({**card, "splits": splits}, indent=1))


def write(output: Path, card: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Writes the card and one npy file an array."""
    for name, values in arrays.items():
        if not len(values):
            raise RefusedError(f"{card['name']} has no samples for {name}: fetch it again")
        np.save(output / f"{name}.npy", values)
    splits = {name[2:]: len(values) for name, values in arrays.items() if name.startswith("y_")}
    write_card(output, card, splits)


def windows(record: np.ndarray, window: int, stride: int) -> Iterator[np.ndarray]:
    """The windows of a record; as in the benchmark, the one that ends with it is left out."""
    for start in range(0, len(record) - window, stride):
        yield record[start : start + window]


def ecg(source: Path, output: Path) -> None:
    """Windows of 1,000 samples of normalised records; rarer rhythms are cut more densely.

    The test split is that of the benchmark: the first tenth of the records in the order of a
    permutation with seed 0. The second tenth is the validation split, so that no record lies
    in two.
    """
    window = 1000
    strides = {"N": 500, "A": 500 // 6, "O": 500 // 2, "~": 500 // 20}
    classes = list(strides)
    content = pickled(source)
    records = field(content, "data", str(source))
    labels = [str(label) for label in field(content, "label", str(source))]
    unknown = sorted(set(labels) - set(classes))
    if unknown or len(labels) != len(records):
        raise RefusedError(
            f"{source} has {len(records)} records, {len(labels)} labels, unknown ones: {unknown}"
        )
    order = np.random.RandomState(0).permutation(len(records))
    tenth = -(-len(records) // 10)
    parts = {"test": order[:tenth], "val": order[tenth : 2 * tenth], "train": order[2 * tenth :]}
    arrays = {}
    for split, members in parts.items():
        cut, classes_of = [], []
        for i in members:
            record = np.asarray(records[i], dtype=np.float64)
            deviation = record.std()
            if deviation == 0:
                continue
            record = (record - record.mean()) / deviation
            for piece in windows(record, window, strides[labels[i]]):
                cut.append(piece.astype(np.float32))
                classes_of.append(classes.index(labels[i]))
        arrays[f"x_{split}"] = np.array(cut, dtype=np.float32)
        arrays[f"y_{split}"] = np.array(classes_of, dtype=np.int32)
    card = {
        "name": "ecg",
        "modality": "ECG, one lead at 300 Hz, windows of 1,000 samples",
        "task": "classification",
        "classes": 4,
        "class_names": ["normal", "atrial fibrillation", "other rhythm", "noise"],
        "source": "PhysioNet/CinC Challenge 2017",
        "licence": "ODC-BY 1.0",
    }
    write(output, card, arrays)


def satellite(source: Path, output: Path) -> None:
    """Series of 46 dates, each brought to mean 0 and deviation 1."""
    arrays = {}
    for split in ("train", "test"):
        path = source / f"satellite_{split}.npy"
        content = objects(path)
        record = content.item() if content.size == 1 else content
        x = np.asarray(field(record, "data", str(path)), dtype=np.float32)
        y = np.asarray(field(record, "label", str(path))).astype(np.int32) - 1
        if x.ndim != 2 or y.shape != x.shape[:1] or y.min() < 0 or y.max() > 23:
            raise RefusedError(
                f"{path} has data {x.shape} and labels {y.shape} from {y.min() + 1} "
                f"to {y.max() + 1}, not series with classes 1 to 24"
            )
        deviation = x.std(axis=1, keepdims=True)
        arrays[f"x_{split}"] = (x - x.mean(axis=1, keepdims=True)) / np.where(
            deviation == 0, 1, deviation
        )
        arrays[f"y_{split}"] = y
    card = {
        "name": "satellite",
        "modality": "satellite image time series, 46 dates",
        "task": "classification",
        "classes": 24,
        "source": "Petitjean et al. 2012, by way of NAS-Bench-360",
        "licence": "no licence text",
    }
    write(output, card, arrays)


def deepsea(source: Path, output: Path) -> None:
    """One-hot sequences [4, 1000] with 36 labels."""
    arrays = {}
    with np.load(source, allow_pickle=False) as content:
        for split in ("train", "val", "test"):
            if f"x_{split}" not in content or f"y_{split}" not in content:
                raise RefusedError(f"{source} has no x_{split} and y_{split}")
            arrays[f"x_{split}"] = content[f"x_{split}"].transpose(0, 2, 1).astype(np.int8)
            arrays[f"y_{split}"] = content[f"y_{split}"].astype(np.int8)
    card = {
        "name": "deepsea",
        "modality": "DNA, 1,000 bases one-hot in the order of the published file",
        "task": "multi_label",
        "classes": arrays["y_train"].shape[1],
        "source": "DeepSEA (Zhou and Troyanskaya 2015), by way of NAS-Bench-360",
        "licence": "no licence text",
    }
    write(output, card, arrays)


def ninapro(source: Path, output: Path) -> None:
    """Windows of 52 samples of 16 muscle sensors."""
    arrays = {}
    for split in ("train", "val", "test"):
        arrays[f"x_{split}"] = array(source / f"ninapro_{split}.npy").astype(np.float32)
        arrays[f"y_{split}"] = array(source / f"label_{split}.npy").astype(np.int32)
    card = {
        "name": "ninapro",
        "modality": "surface EMG, 16 sensors at 200 Hz, windows of 52 samples",
        "task": "classification",
        "classes": 18,
        "source": "NinaPro DB5 (Pizzolato et al. 2017), by way of NAS-Bench-360",
        "licence": "no licence text",
    }
    write(output, card, arrays)


# proposal and visit of the pictures that show galaxies, which the benchmark takes
GALAXIES = frozenset(
    (
        "10760_2 10760_4 13737_2 13737_3 9490_a3 12513_2 12513_3 10182_pb 10182_pd 10584_13 "
        "10342_3 14343_1 13057_1 10260_7 10260_5 10407_3 13375_4 13375_7 13364_95 10190_28 "
        "10190_13 9490_a2 13691_11 12058_12 12058_16 12058_1 12058_6 14704_1 13804_6"
    ).split()
)


def cosmic(source: Path, output: Path) -> None:
    """Pictures of 128 x 128 points and the points that cosmic rays hit, -1 where it is not known.

    The benchmark cuts a random piece of 128 x 128 each time; here pictures are cut into all their
    pieces once.
    """
    side = 128
    arrays = {}
    for split in ("train", "test"):
        images, masks = [], []
        folder = source / f"npy_{split}" / "f435w"
        for path in sorted(folder.glob("*/*/*.npy")):
            visit = f"{path.parent.parent.name}_{path.parent.name}"
            if path.name == "sky.npy" or visit not in GALAXIES:
                continue
            picture = array(path)
            if picture.ndim != 3 or picture.shape[0] not in (2, 3):
                raise RefusedError(f"{path} has the shape {picture.shape}, not [2 or 3, H, W]")
            mask = picture[1].astype(np.int8)
            if picture.shape[0] == 3:
                mask = np.where(picture[2] != 0, -1, mask).astype(np.int8)
            for row in range(0, picture.shape[1] - side + 1, side):
                for column in range(0, picture.shape[2] - side + 1, side):
                    piece = np.s_[row : row + side, column : column + side]
                    images.append(picture[0][piece].astype(np.float32))
                    masks.append(mask[piece])
        arrays[f"x_{split}"] = np.array(images, dtype=np.float32)
        arrays[f"y_{split}"] = np.array(masks, dtype=np.int8)
    card = {
        "name": "cosmic",
        "modality": "Hubble ACS/WFC pictures, filter F435W",
        "task": "dense",
        "outputs": 1,
        "source": "deepCR (Zhang and Bloom 2020), by way of NAS-Bench-360",
        "licence": "no licence text",
    }
    write(output, card, arrays)


def protein(features: Path, distance: Path, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Features [57, side, side] of pairs of residues and their distances, -1 beyond them."""
    content = pickled(features)
    length = len(field(content, "seq", str(features)))
    n = min(length, side)
    x = np.zeros((57, side, side), dtype=np.float32)
    rows = [
        *field(content, "ss", str(features)),
        *np.transpose(field(content, "pssm", str(features))),
    ]
    rows += [field(content, "sa", str(features)), field(content, "entropy", str(features))]
    channel = 0
    for row in rows:
        line = np.asarray(row, dtype=np.float32)
        if line.shape != (length,):
            raise RefusedError(f"{features} has {line.shape} values for {length} residues")
        x[channel, :n, :n] = line[None, :n]
        x[channel + 1, :n, :n] = line[:n, None]
        channel += 2
    for name in ("ccmpred", "freecon", "potential"):
        pairs = np.asarray(field(content, name, str(features)), dtype=np.float32)
        if pairs.shape != (length, length):
            raise RefusedError(f"{features} has {name} {pairs.shape} for {length} residues")
        x[channel, :n, :n] = pairs[:n, :n]
        channel += 1
    if channel != 57:
        raise RefusedError(f"{features} has {channel} channels, not 57")
    y = np.full((side, side), -1, dtype=np.float32)
    distances = np.asarray(objects(distance).ravel()[-1], dtype=np.float32)
    if distances.shape != (length, length):
        raise RefusedError(f"{distance} has distances {distances.shape} for {length} residues")
    y[:n, :n] = np.where(np.isfinite(distances[:n, :n]), np.maximum(distances[:n, :n], 1), -1)
    return x, y


def psicov(source: Path, output: Path, side: int = 512) -> None:
    """DeepCov's proteins for training, the 150 of PSICOV for the test.

    3,456 proteins of 57 x 512 x 512 values take 207 GB; a smaller side keeps the first residues.
    """
    splits = {}
    for split, folder in (("train", source / "deepcov"), ("test", source / "psicov")):
        proteins = sorted((folder / "features").glob("*.pkl"))
        splits[split] = len(proteins)
        if not proteins:
            raise RefusedError(f"{folder}/features has no pkl files: give the unpacked folder")
        save = np.lib.format.open_memmap
        shape = (len(proteins), 57, side, side)
        x = save(output / f"x_{split}.npy", mode="w+", dtype=np.float32, shape=shape)
        shape = (len(proteins), side, side)
        y = save(output / f"y_{split}.npy", mode="w+", dtype=np.float32, shape=shape)
        for i, path in enumerate(proteins):
            x[i], y[i] = protein(path, folder / "distance" / f"{path.stem}-cb.npy", side)
        x.flush()
        y.flush()
    card = {
        "name": "psicov",
        "modality": "57 features of pairs of residues of a protein",
        "task": "dense",
        "outputs": 1,
        "source": "PDNET (Adhikari 2020): DeepCov and PSICOV-150, by way of NAS-Bench-360",
        "licence": "no licence text",
    }
    write_card(output, card, splits)


SETS = {f.__name__: f for f in (ecg, satellite, deepsea, ninapro, cosmic, psicov)}


def main(arguments: list[str]) -> int:
    """Writes one set; 4 for data that are refused, as `mona` has it."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n\n")[0],
        epilog="What INPUT is for each set stands at the head of this file.",
    )
    parser.add_argument("set", choices=SETS, metavar="SET", help=", ".join(SETS))
    parser.add_argument("input", type=Path, metavar="INPUT", help="published file or folder")
    parser.add_argument("output", type=Path, metavar="OUTPUT", help="folder to make")
    parser.add_argument(
        "--side", type=int, metavar="N", help="psicov: residues kept of a protein (default: 512)"
    )
    options = parser.parse_args(arguments)
    if options.side is not None and (options.set != "psicov" or options.side < 1):
        parser.error("--side goes with psicov and is at least 1")
    try:
        options.output.mkdir(parents=True)
    except FileExistsError:
        print(f"{options.output} exists already: name another folder", file=sys.stderr)
        return 4
    try:
        if options.side is None:
            SETS[options.set](options.input, options.output)
        else:
            psicov(options.input, options.output, options.side)
    except (RefusedError, OSError, ValueError, KeyError, BadZipFile) as e:
        for file in options.output.iterdir():
            file.unlink()
        options.output.rmdir()
        known = isinstance(e, RefusedError | OSError)
        print(e if known else f"{options.input} is damaged ({e}): fetch it again", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
