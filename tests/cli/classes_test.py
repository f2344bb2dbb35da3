"""Several classes and quantities, through theory, sampling, scores, evidence and pruning; names of classes in the store.

`--print` as first word prints what is compared.
"""

import sys
import unittest

from sweep_case import OK, SweepCase

try:
    import h5py
    import numpy
except ImportError:
    numpy = None

HEADS, WIDTH, TEST = 2, 6, 300
NAMES = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"]


def show(text):
    if "--print" in sys.argv:
        print(text)


@unittest.skipIf(numpy is None, "writing data set files needs python3-h5py and python3-numpy")
class Classes(SweepCase):
    def write(self, name, y, features, **attributes):
        with h5py.File(self.path(name), "w") as file:
            file.attrs.update({"format": "attnpaths-dataset", "version": 2, "readout": "last", "heads": str(HEADS), **attributes})
            for group, rows in (("train", slice(TEST, None)), ("test", slice(TEST))):
                file[group + "/xi"], file[group + "/y"] = features[rows], y[rows]

    def point(self, name, *settings, width=100):
        store = self.path(name + "-store.h5")
        self.assert_code(self.run_program("sweep", "--store", store, "--task.name", "dataset", "--task.file", self.path(name),
                                          "--grid.width", width, "--grid.temperature", 0.1, *settings), OK)
        return h5py.File(store)

    def array(self, store, column):
        group = store[column]
        return group["values"][...].reshape([size for size in group["shape"][0]])

    def features(self, count):
        return numpy.random.default_rng(1).standard_normal((TEST + count, WIDTH, HEADS))

    def labels(self, features, classes):
        """The class whose random direction in the features through head 1 fits best: as many of each in the training set."""
        directions = numpy.random.default_rng(2).standard_normal((WIDTH, classes))
        return (features[:, :, 0] @ directions).argmax(1)

    def balanced(self, classes, each):
        """Features and labels with `each` training examples of every class."""
        features = self.features(2000)
        y = self.labels(features, classes)
        rows = numpy.concatenate([numpy.arange(TEST), *(TEST + numpy.flatnonzero(y[TEST:] == label)[:each] for label in range(classes))])
        return features[rows], y[rows]

    def test_the_theory_of_several_classes_is_that_of_exact_sampling(self):
        for classes, each in ((3, 12), (5, 8), (10, 4)):
            with self.subTest(classes=classes):
                features, y = self.balanced(classes, each)
                self.write("d.h5", numpy.array(NAMES[:classes], "S")[y], features)
                with self.point("d.h5", "--analyses.run", "default", "--sampling.method", "auto", width=1000) as store:
                    z = self.array(store, "sampling/order-parameter/order_parameter_z")
                    theory, exact = (self.array(store, column) for column in ("predictor/mean", "sampling/order-parameter/predictor_mean"))
                    predictor = store["sampling/order-parameter/predictor_z"][0]
                    accuracy, sampled = (store[column][0] for column in ("theory/accuracy", "sampling/order-parameter/accuracy"))
                    error = store["sampling/order-parameter/accuracy_mcse"][0]
                    verdict = store["sampling/order-parameter/verdict"][0].decode()
                    self.assertEqual(store["point/class_names"][0].decode(), "; ".join(NAMES[:classes]))
                    self.assertEqual(self.array(store, "theory/head_scores").shape, (1, HEADS)[-1:])
                    self.assertTrue(numpy.isfinite(store["evidence/ratio"][0]))
                relative = numpy.linalg.norm(theory - exact) / numpy.linalg.norm(exact)
                show(f"{classes:2} classes: U {z.shape[0]} x {z.shape[1]}, z of U root mean square {numpy.sqrt((z**2).mean()):.2f}, worst "
                     f"{abs(z).max():.2f}; predictors differ by {relative:.1e} of their norm, z {predictor:.1f}; accuracy {accuracy:.3f}, sampled {sampled:.3f} +- {error:.3f} "
                     f"({verdict})")
                self.assertEqual(z.shape, (HEADS * classes,) * 2)
                self.assertEqual(verdict, "sampled")
                self.assertLess(numpy.sqrt((z**2).mean()), 2)
                self.assertLess(relative, 0.01)  # of order 1/N beyond the saddle point
                self.assertGreater(accuracy, 1.5 / classes)
                self.assertLess(abs(accuracy - sampled), 4 * error + 0.02)
                (self.folder / "d.h5-store.h5").unlink()

    def test_labels_that_mean_nothing_are_guessed_at_chance(self):
        for classes in (3, 5, 10):
            features = self.features(12 * classes)
            random = numpy.random.default_rng(3)
            y = numpy.concatenate([random.integers(classes, size=TEST), numpy.arange(12 * classes) % classes])
            self.write("d.h5", y, features)
            with self.point("d.h5", "--analyses.run", "predictor") as store:
                accuracy = store["theory/accuracy"][0]
            chance = 1 / classes
            error = numpy.sqrt(chance * (1 - chance) / TEST)
            show(f"{classes:2} random classes: accuracy {accuracy:.3f}, chance {chance:.3f} +- {error:.3f}")
            self.assertLess(abs(accuracy - chance), 3.5 * error)
            (self.folder / "d.h5-store.h5").unlink()

    def test_permuted_classes_have_the_permuted_order_parameter(self):
        for classes, each in ((3, 12), (5, 8), (10, 4)):
            features, y = self.balanced(classes, each)
            place = numpy.roll(numpy.arange(classes), 1)  # of class d among the permuted ones
            found = []
            for labels in (y, place[y]):
                self.write("d.h5", labels, features)
                with self.point("d.h5", "--analyses.run", "predictor scores") as store:
                    U = self.array(store, "theory/order_parameter").reshape(HEADS, classes, HEADS, classes)
                    found.append((U, store["theory/accuracy"][0], self.array(store, "theory/head_scores")))
                (self.folder / "d.h5-store.h5").unlink()
            (U, accuracy, scores), (permuted, other, others) = found
            difference = abs(permuted[:, place][:, :, :, place] - U).max()
            show(f"{classes:2} classes permuted: U differs by {difference:.1e} of {abs(U).max():.3f}, by {abs(permuted - U).max():.1e} unpermuted; "
                 f"accuracy {accuracy:.4f}, {other:.4f}")
            self.assertLess(difference, 1e-7)
            self.assertGreater(abs(permuted - U).max(), 1e-3)
            self.assertEqual(accuracy, other)
            self.assertLess(abs(scores - others).max(), 1e-7)

    def test_quantities_have_a_coefficient_of_determination_and_no_accuracy(self):
        features = self.features(60)
        y = features[:, 0, 0] - 0.5 * features[:, 1, 1] + 0.1 * numpy.random.default_rng(5).standard_normal(len(features))
        self.write("d.h5", y, features)
        with self.point("d.h5") as store:
            determination, bias = store["theory/determination"][0], store["theory/bias"][0]
            self.assertNotIn("theory/accuracy", store)
            sampled = store["sampling/order-parameter/determination"][0]
            self.assertEqual(store["point/class_names"][0], b"")
        show(f"quantities: R^2 {determination:.4f}, sampled {sampled:.4f}; bias {bias:.4f}, no accuracy")
        self.assertAlmostEqual(determination, 1 - bias / y[:TEST].var(), places=12)
        self.assertGreater(determination, 0.9)
        self.assertLess(abs(sampled - determination), 0.05)

    def test_heads_of_several_classes_and_of_quantities_are_pruned(self):
        features, y = self.balanced(3, 12)
        self.write("d.h5", y, features)
        self.point("d.h5").close()
        self.write("q.h5", features[:, 0, 0] + 0.1 * features[:, 1, 0] * y, features)
        self.point("q.h5").close()
        for name, unit in (("d.h5", "accuracy than random order"), ("q.h5", "less squared error than random order")):
            for by in ("scores", "evidence"):
                result = self.run_program("prune", self.path(name + "-store.h5"), "--by", by, "-o", self.path(f"{name}-{by}.h5"))
                self.assert_code(result, OK)
                show(result.stdout)
                self.assertIn(unit, result.stdout)
                with h5py.File(self.path(f"{name}-{by}.h5")) as file:  # labels know head 1 alone
                    self.assertEqual(file["theory/test/ascending/head"][...].tolist(), [2])
                    if by == "evidence":
                        self.assertEqual(file["evidence/head"][...].tolist(), [2])
                        factors = file["evidence/log_bayes_factor"][...]
                        self.assertGreater(factors[0], factors[1])
        kept = self.run_program("prune", self.path("d.h5-store.h5"), "--by", "evidence", "--keep", "1.2", "--csv")
        self.assert_code(kept, OK)
        self.assertIn("\ntheory/test,ascending,,1,1,1,", kept.stdout)
        for options, words in ((["--keep", "1.3", "--by", "evidence"], "--keep 1.3: is no head of 2"), (["--keep", "1.1"], "--by evidence"),
                               (["--by", "magic"], "choose scores or evidence")):
            refused = self.run_program("prune", self.path("d.h5-store.h5"), *options)
            self.assertEqual(refused.returncode, 64)
            self.assertIn(words, refused.stderr)


if __name__ == "__main__":
    if "--print" in sys.argv:
        unittest.main(argv=[sys.argv[0]])
    unittest.main()
