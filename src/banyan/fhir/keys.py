"""The 64-bit keys of the index: hashes of parameter, form and value. A key proposes, it never decides."""

from functools import lru_cache
from hashlib import blake2b
from struct import Struct

_SIGNED = Struct("<q")
_SIGNED_32 = Struct("<i")


def hash64(text: str) -> int:
    return int(_SIGNED.unpack(blake2b(text.encode(), digest_size=8).digest())[0])


@lru_cache(maxsize=200_000)
def key(scope: str, form: str, value: str) -> int:
    """`scope` is "Type.parameter"; `form` is a letter: c code, s system|code, n code without system,
    y system, u uri, x exact text, q unit, i identifier of a reference, p present.
    """
    return hash64(f"{scope}\0{form}\0{value}")


@lru_cache(maxsize=200_000)
def reference_hash(reference: str) -> int:
    """The same for every parameter, kept on the target's row too, so that SQL makes reference keys by XOR."""
    return hash64(f"ref\0{reference}")


@lru_cache(maxsize=10_000)
def reference_salt(scope: str) -> int:
    return hash64(f"salt\0{scope}")


def reference_key(scope: str, reference: str) -> int:
    return reference_salt(scope) ^ reference_hash(reference)


@lru_cache(maxsize=10_000)
def parameter_id(scope: str) -> int:
    """A stable 32-bit number for "Type.parameter" in the side tables."""
    return int(_SIGNED_32.unpack(blake2b(scope.encode(), digest_size=4).digest())[0])


@lru_cache(maxsize=50_000)
def unit_hash(unit: str) -> int:
    return hash64(f"unit\0{unit}")
