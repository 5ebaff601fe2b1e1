"""Small files in the published layouts, written here; expected values written out by hand."""

import contextlib
import io
import json
import os
import pickle
import tempfile
import unittest
from pathlib import Path

import numpy as np

from prepare import main


class Harmful:
    """Runs a command when a plain unpickler reads it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):  # noqa: ANN204
        return os.system, (f"touch {self.file}",)


class PrepareTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "out"

    def prepare(self, name: str, source: Path, *more: str) -> dict:
        self.assertEqual(0, main([name, str(source), str(self.output), *more]))
        card = json.loads((self.output / "card.json").read_text())
        self.assertEqual(name, card["name"])
        return card

    def refusal(self, name: str, source: Path) -> str:
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            self.assertEqual(4, main([name, str(source), str(self.output)]))
        self.assertFalse(self.output.exists(), "nothing is left behind")
        return errors.getvalue()

    def array(self, name: str) -> np.ndarray:
        return np.load(self.output / f"{name}.npy", allow_pickle=False)

    def pickled(self, name: str, value: object, protocol: int = 2) -> Path:
        path = self.folder / name
        path.write_bytes(pickle.dumps(value, protocol=protocol))
        return path

    def ecg(self, protocol: int) -> Path:
        records = np.empty(20, dtype=object)
        for i in range(20):
            records[i] = np.arange(1100, dtype=np.int16) * (1 + i)
        return self.pickled("ecg.pkl", {"data": records, "label": list("NAO~" * 5)}, protocol)

    def test_ecg_is_cut_by_rhythm_and_split_by_record(self) -> None:
        card = self.prepare("ecg", self.ecg(2))
        # starts below 100: one for N and O (strides 500, 250), two for A (83), four for ~ (25)
        each = [1, 2, 1, 4]
        order = np.random.RandomState(0).permutation(20)
        for split, members in (("test", order[:2]), ("val", order[2:4]), ("train", order[4:])):
            expected = [label for i in members for label in [i % 4] * each[i % 4]]
            self.assertEqual(expected, self.array(f"y_{split}").tolist())
            self.assertEqual(len(expected), card["splits"][split])
        record = np.arange(1100)
        normalised = (record - record.mean()) / record.std()
        first = order[0]
        np.testing.assert_allclose(self.array("x_test")[0], normalised[:1000], rtol=1e-6, atol=1e-7)
        if first % 4 == 3:
            np.testing.assert_allclose(self.array("x_test")[1], normalised[25:1025], rtol=1e-5)

    def test_newer_pickles_are_read(self) -> None:
        self.prepare("ecg", self.ecg(5))
        self.assertEqual((1000,), self.array("x_train").shape[1:])

    def test_a_pickle_that_runs_code_is_refused_before_it_does(self) -> None:
        victim = self.folder / "ran"
        source = self.pickled("bad.pkl", {"data": Harmful(victim), "label": []})
        message = self.refusal("ecg", source)
        self.assertIn("system, which arrays do not need", message)
        self.assertFalse(victim.exists())
        npy = np.empty((), dtype=object)
        npy[()] = Harmful(victim)
        for split in ("train", "test"):
            np.save(self.folder / f"satellite_{split}.npy", npy, allow_pickle=True)
        self.assertIn("which arrays do not need", self.refusal("satellite", self.folder))
        self.assertFalse(victim.exists())

    def test_damaged_files_are_refused(self) -> None:
        whole = self.ecg(2).read_bytes()
        (self.folder / "half.pkl").write_bytes(whole[: len(whole) // 2])
        self.assertIn("is no pickle of arrays", self.refusal("ecg", self.folder / "half.pkl"))
        self.assertIn("no dictionary with data", self.refusal("ecg", self.pickled("l", [1])))
        source = self.pickled("x", {"data": [np.arange(9)], "label": ["?"]})
        self.assertIn("unknown ones: ['?']", self.refusal("ecg", source))
        self.assertIn("No such file", self.refusal("ecg", self.folder / "none"))
        (self.folder / "junk.npz").write_bytes(b"PK\x03\x04" + bytes(60))
        self.assertIn("fetch it again", self.refusal("deepsea", self.folder / "junk.npz"))
        np.save(self.folder / "satellite_train.npy", np.zeros((3, 46)))
        path = self.folder / "satellite_train.npy"
        path.write_bytes(path.read_bytes()[:-8])
        self.assertIn("fetch it again", self.refusal("satellite", self.folder))

    def test_satellite_counts_classes_from_0(self) -> None:
        x = np.arange(3 * 46, dtype=np.float64).reshape(3, 46) ** 2
        for split, labels in (("train", [1, 24, 7]), ("test", [2, 3, 4])):
            content = {"data": x, "label": np.array(labels)}
            np.save(self.folder / f"satellite_{split}.npy", content, allow_pickle=True)
        self.prepare("satellite", self.folder)
        self.assertEqual([0, 23, 6], self.array("y_train").tolist())
        expected = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
        np.testing.assert_allclose(self.array("x_test"), expected, atol=1e-5)

    def test_deepsea_has_channels_first(self) -> None:
        arrays = {}
        for n, split in enumerate(("train", "val", "test"), start=2):
            arrays[f"x_{split}"] = np.eye(4)[np.arange(n * 10).reshape(n, 10) % 4]
            arrays[f"y_{split}"] = np.arange(n * 36).reshape(n, 36) % 2
        np.savez(self.folder / "deepsea.npz", **arrays)
        card = self.prepare("deepsea", self.folder / "deepsea.npz")
        self.assertEqual({"train": 2, "val": 3, "test": 4}, card["splits"])
        self.assertEqual(36, card["classes"])
        x = self.array("x_val")
        self.assertEqual((3, 4, 10), x.shape)
        self.assertEqual(np.arange(30).reshape(3, 10)[1, 7] % 4, x[1, :, 7].argmax())

    def test_ninapro_brings_its_three_splits_together(self) -> None:
        for n, split in enumerate(("train", "val", "test"), start=1):
            np.save(self.folder / f"ninapro_{split}.npy", np.full((n, 16, 52), n))
            np.save(self.folder / f"label_{split}.npy", np.arange(n))
        card = self.prepare("ninapro", self.folder)
        self.assertEqual({"train": 1, "val": 2, "test": 3}, card["splits"])
        self.assertEqual(2, self.array("x_val")[1, 15, 51])

    def test_cosmic_takes_galaxies_and_marks_unknown_points(self) -> None:
        picture = np.zeros((3, 256, 200), dtype=np.float32)
        picture[0] = np.arange(256)[:, None]
        picture[1, 130, 5] = 1
        picture[2, 131, 6] = 1
        for split in ("train", "test"):
            for visit in ("10760/2", "10595/2"):
                folder = self.folder / f"npy_{split}" / "f435w" / visit
                folder.mkdir(parents=True)
                np.save(folder / "1_1.npy", picture)
                np.save(folder / "sky.npy", np.zeros(1))
        card = self.prepare("cosmic", self.folder)
        self.assertEqual({"train": 2, "test": 2}, card["splits"])
        x, y = self.array("x_train"), self.array("y_train")
        self.assertEqual((2, 128, 128), x.shape)
        self.assertEqual(130, x[1, 2, 0])
        self.assertEqual((1, -1), (y[1, 2, 5], y[1, 3, 6]))
        self.assertEqual(0, np.abs(y[0]).sum())

    def test_psicov_has_57_channels_of_pairs(self) -> None:
        length = 5
        rows = np.arange(27 * length, dtype=np.float64).reshape(27, length)
        pairs = {
            name: np.full((length, length), 500.0 + i)
            for i, name in enumerate(("ccmpred", "freecon", "potential"))
        }
        features = {
            "seq": "ABCDE",
            "ss": rows[:3],
            "pssm": rows[3:25].T,
            "sa": rows[25],
            "entropy": rows[26],
            **pairs,
        }
        distances = np.empty(3, dtype=object)
        distances[:] = [length, "ABCDE", np.arange(25.0).reshape(5, 5)]
        for name in ("deepcov", "psicov"):
            (self.folder / name / "features").mkdir(parents=True)
            (self.folder / name / "distance").mkdir()
            self.pickled(f"{name}/features/1abc.pkl", features)
            np.save(self.folder / name / "distance" / "1abc-cb.npy", distances, allow_pickle=True)
        self.prepare("psicov", self.folder, "--side", "8")
        x, y = self.array("x_test")[0], self.array("y_test")[0]
        self.assertEqual((57, 8, 8), x.shape)
        for k in range(27):
            self.assertEqual(rows[k, 3], x[2 * k, 1, 3])
            self.assertEqual(rows[k, 1], x[2 * k + 1, 1, 3])
        self.assertEqual([500, 501, 502], x[54:, 4, 4].tolist())
        self.assertEqual(0, np.abs(x[:, 5:, :]).sum())
        self.assertEqual((1, 13, -1), (y[0, 0], y[2, 3], y[5, 0]))


if __name__ == "__main__":
    unittest.main()
