"""How long one call of attnpaths.theory.saddle_point takes beside scipy's L-BFGS on the same action, written with numpy.

P = 100 examples, 4 paths of two layers, one output, at several widths. usage: theory_call.py [--repeats R]
"""

import argparse
import time

import numpy as np
from attnpaths import theory
from scipy.linalg import lapack
from scipy.optimize import minimize

HEADS, EXAMPLES, INPUT_WIDTH, TEMPERATURE = (2, 2), 100, 50, 0.01


class Action:
    """S(B) / largest width and its gradient (src/theory/README.md, section 5) for two layers and one output."""

    def __init__(self, features, targets, width, temperature):
        points, input_width, paths = features.shape
        rows = features.transpose(2, 0, 1).reshape(paths * points, input_width)
        gram = (rows @ rows.T).reshape(paths, points, paths, points) / (input_width * paths)
        self.kernels = gram.transpose(0, 2, 1, 3).reshape(paths**2, points**2)
        self.y, self.width, self.temperature, self.points = targets, width, temperature, points
        self.sizes = (1, HEADS[1], HEADS[0] * HEADS[1])  # of B_a, B_2, B_1
        self.places = [np.tril_indices(size) for size in self.sizes]
        self.evaluations = 0

    def unpack(self, unknowns):
        matrices, at = [], 0
        for size, (rows, columns) in zip(self.sizes, self.places):
            B = np.zeros((size, size))
            own = unknowns[at:at + len(rows)].copy()
            own[rows == columns] = np.exp(own[rows == columns])
            B[rows, columns] = own
            matrices.append(B)
            at += len(rows)
        return matrices

    def order_parameter(self, unknowns):
        A_a, B_2, B_1 = self.unpack(unknowns)
        A_1 = np.kron(np.eye(HEADS[0]), np.kron(np.eye(HEADS[1]), A_a) @ B_2) @ B_1
        return A_1 @ A_1.T

    def __call__(self, unknowns):
        self.evaluations += 1
        B_a, B_2, B_1 = matrices = self.unpack(unknowns)
        above_2 = np.kron(np.eye(HEADS[1]), B_a)
        A_2 = above_2 @ B_2
        above_1 = np.kron(np.eye(HEADS[0]), A_2)
        A_1 = above_1 @ B_1
        kernel = ((A_1 @ A_1.T).ravel() @ self.kernels).reshape(self.points, self.points)
        factor, failed = lapack.dpotrf(kernel + self.temperature * np.eye(self.points), lower=True)
        if failed:
            return np.inf, np.zeros_like(unknowns)
        weights, _ = lapack.dpotrs(factor, self.y, lower=True)
        inverse, _ = lapack.dpotri(factor, lower=True)
        inverse += np.tril(inverse, -1).T
        value = 2 * np.log(np.diag(factor)).sum() + self.y @ weights
        dU = (self.kernels @ (inverse - np.outer(weights, weights)).ravel()).reshape(A_1.shape)
        dA_1 = 2 * dU @ A_1
        slopes = [None, None, above_1.T @ dA_1]
        dA_2 = sum((dA_1 @ B_1.T)[i:i + HEADS[1], i:i + HEADS[1]] for i in range(0, len(A_1), HEADS[1]))
        slopes[1] = above_2.T @ dA_2
        slopes[0] = np.array([[np.trace(dA_2 @ B_2.T)]])
        gradient = []
        for B, slope, (rows, columns) in zip(matrices, slopes, self.places):
            value += self.width * ((B**2).sum() - 2 * np.log(np.diag(B)).sum())
            own = slope[rows, columns] + 2 * self.width * B[rows, columns]
            diagonal = rows == columns
            own[diagonal] = own[diagonal] * np.diag(B) - 2 * self.width
            gradient.append(own)
        return value / self.width, np.concatenate(gradient) / self.width


def seconds(function, repeats):
    """The shortest of several runs, and what the last returned."""
    best = np.inf
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - start)
    return best, result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    random = np.random.default_rng(1)
    features = random.normal(size=(EXAMPLES, INPUT_WIDTH, HEADS[0] * HEADS[1]))
    targets = np.sign(features[:, 0, 0] + 0.5 * features[:, 1, 3] + 0.2 * random.normal(size=EXAMPLES))
    print("width  saddle_point  evaluations    L-BFGS  evaluations  its max|dU|   ratio")
    for width in (10, 30, 100, 1000):
        own, saddle = seconds(lambda: theory.saddle_point(features, targets, heads=HEADS, width=width, temperature=TEMPERATURE), options.repeats)

        def rival():
            action = Action(features, targets, width, TEMPERATURE)
            start = np.zeros(sum(len(rows) for rows, _ in action.places))
            found = minimize(action, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 5000, "ftol": 0, "gtol": 1e-10})
            return action, found

        other, (action, found) = seconds(rival, options.repeats)
        difference = np.abs(action.order_parameter(found.x) - saddle.order_parameters[0]).max()
        print(f"{width:5}  {1000 * own:9.2f} ms  {saddle.evaluations:11}  {1000 * other:5.1f} ms  {action.evaluations:11}  "
              f"{difference:11.1e}  {other / own:6.1f}{'' if saddle.is_certified else '  not certified'}")


if __name__ == "__main__":
    main()
