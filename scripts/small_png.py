"""A screenshot as a PNG on a palette of its own colours: a quarter of the bytes, no difference to the eye."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page
from scipy.spatial import cKDTree

COLOURS = 256
COARSE = 3  # bits of each channel that do not count when the palette is chosen
DECODED = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const {data} = drawing.getImageData(0, 0, image.width, image.height);
  let text = '';
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [image.width, image.height, btoa(text)];
}"""


async def smaller(page: Page, png: bytes) -> bytes:
    """The picture again; any page of a browser does the decoding."""
    url = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    width, height, text = await page.evaluate(DECODED, url)
    pixels = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[:, :, :3]
    return _written(*_on_palette(pixels))


def _on_palette(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Each pixel as a place in a palette of the most frequent colours, and that palette."""
    flat = pixels.reshape(-1, 3).astype(np.uint32)
    packed = (flat[:, 0] << 16) | (flat[:, 1] << 8) | flat[:, 2]
    colours, place, count = np.unique(packed, return_inverse=True, return_counts=True)
    mask = np.uint32(0xFFFFFF & ~(((1 << COARSE) - 1) * 0x010101))
    # One colour, the most frequent, of each coarse cell: so that rare but different colours keep a place.
    order = np.argsort(-count, kind="stable")
    _, first = np.unique(colours[order] & mask, return_index=True)
    cell_of = np.unique(colours & mask, return_inverse=True)[1]
    weight = np.bincount(cell_of, weights=count)[cell_of[order[first]]]
    chosen = colours[order[first[np.argsort(-weight, kind="stable")[:COLOURS]]]]
    _, found = cKDTree(_split(chosen)).query(_split(colours))
    nearest = np.asarray(found).astype(np.uint8)
    return nearest[place].reshape(pixels.shape[:2]), _split(chosen).astype(np.uint8)


def _split(packed: NDArray[Any]) -> NDArray[Any]:
    return np.stack([(packed >> 16) & 255, (packed >> 8) & 255, packed & 255], axis=1).astype(np.int32)


def _written(places: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    height, width = places.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), places], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
