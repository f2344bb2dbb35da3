"""Small image files as image sets are published, written without any library."""

import gzip
import struct
import zlib


def idx_images(images):
    """Content of an idx3-ubyte file of equally large images (lists of rows)."""
    rows, columns = len(images[0]), len(images[0][0])
    header = struct.pack(">IIII", 0x803, len(images), rows, columns)
    return header + bytes(pixel for image in images for row in image for pixel in row)


def idx_labels(labels):
    """Content of an idx1-ubyte file."""
    return struct.pack(">II", 0x801, len(labels)) + bytes(labels)


def png(image):
    """Content of a PNG file of 1 bit per pixel: 0 is ink, everything else paper."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    rows, columns = len(image), len(image[0])
    lines = b""
    for row in image:
        bits = "".join("1" if pixel else "0" for pixel in row).ljust((columns + 7) // 8 * 8, "0")
        lines += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 1, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def bar(number, side=14):
    """An image of its own for every number below side * side: white but for the first pixels."""
    return [[0 if row * side + column <= number else 255 for column in range(side)] for row in range(side)]


def write_digits(folder):
    """The four files of a set published as MNIST is: 12 images for training and 6 for tests, of labels 0 and 1 in turn."""
    for part, labels in (("train", [0, 1] * 6), ("t10k", [0, 1] * 3)):
        images = [bar(number) for number in range(len(labels))]
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_images(images)))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_labels(labels)))


def write_omniglot(folder, drawers=3):
    """Omniglot's folders with a few characters: 2 for training, 2 for validation, 2 for tests. Returns the files."""
    files = []
    for number, character in enumerate(("images_background/Greek/character01", "images_background/Greek/character02",
                                        "images_background/Hebrew/character01", "images_background/Hebrew/character02",
                                        "images_evaluation/Tibetan/character01", "images_evaluation/Tibetan/character02")):
        (folder / character).mkdir(parents=True)
        for drawer in range(drawers):
            file = folder / character / f"{number + 1:04}_{drawer + 1:02}.png"
            file.write_bytes(png(bar(10 * number + drawer)))
            files.append(file)
    return files
