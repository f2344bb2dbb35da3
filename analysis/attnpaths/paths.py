"""Names of attention paths: "1.2" is head 1 of layer 1, then head 2 of layer 2; h_1 is the slowest index."""

from __future__ import annotations

import itertools
from collections.abc import Sequence


def path_labels(head_counts: Sequence[int], first_layer: int = 1, head_names: Sequence[str] = ()) -> list[str]:
    """Labels of the paths through layers first_layer..L, in the order of the rows of U_l; list of prod H_l strings.

    head_names: what the heads are called, layer by layer, in place of their numbers; not used unless all have a name.
    """
    counts = [int(count) for count in head_counts]
    names = iter(head_names if all(head_names) and len(head_names) == sum(counts) else ())
    named = [list(itertools.islice(names, count)) for count in counts]
    heads = [own or list(map(str, range(1, count + 1))) for own, count in zip(named, counts)][first_layer - 1:]
    joint = " \N{RIGHTWARDS ARROW} " if named[0] else "."
    return [joint.join(path) for path in itertools.product(*heads)]


def path_output_labels(head_counts: Sequence[int], outputs: int = 1, first_layer: int = 1,
                       output_names: Sequence[str] = (), head_names: Sequence[str] = ()) -> list[str]:
    """Labels of the rows of U_l: paths, and for D > 1 outputs "1.2:3" with the output the fastest index.

    output_names: what the outputs are called in place of their numbers, as many as there are; head_names: as of path_labels.
    """
    labels = path_labels(head_counts, first_layer, head_names)
    if outputs == 1:
        return labels
    return [f"{label}:{output}" for label in labels for output in output_names or range(1, outputs + 1)]


def head_labels(head_counts: Sequence[int]) -> list[str]:
    """Labels of all heads, layer by layer, as head scores are stored; list of sum H_l strings "layer 1 head 2"."""
    return [f"layer {layer} head {head}"
            for layer, count in enumerate(head_counts, start=1) for head in range(1, int(count) + 1)]
