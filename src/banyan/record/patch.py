"""JSON Patch (RFC 6902) and JSON merge patch (RFC 7396) on parsed JSON."""

from copy import deepcopy
from typing import Any

from banyan.record.errors import BadRequest

Json = Any


class PatchFailed(BadRequest):
    """A patch that does not fit the resource."""

    code = "processing"


def apply_patch(document: Json, patch: list[Json] | dict[str, Json]) -> Json:
    """The document after the patch; the one given stays as it is.

    Raises PatchFailed, naming the operation that does not fit.
    """
    if isinstance(patch, dict):
        return _merge(document, patch)
    result = deepcopy(document)
    for number, operation in enumerate(patch):
        try:
            result = _apply(result, operation)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            reason = (
                f"{error.args[0] if error.args else error} is missing"
                if isinstance(error, KeyError)
                else error
            )
            raise PatchFailed(
                f"Operation {number} of the patch ({operation}) cannot be done: {reason}."
            ) from None
    return result


def _merge(document: Json, patch: Json) -> Json:
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merge(merged.get(name), value)
    return merged


def _apply(document: Json, operation: dict[str, Json]) -> Json:
    kind, path = operation["op"], _pointer(operation["path"])
    if kind == "add":
        return _add(document, path, deepcopy(operation["value"]))
    if kind == "remove":
        return _remove(document, path)[0]
    if kind == "replace":
        return (
            _add(_remove(document, path)[0], path, deepcopy(operation["value"]))
            if path
            else operation["value"]
        )
    if kind == "test":
        if _get(document, path) != operation["value"]:
            raise ValueError(f"{operation['path']} has another value")
        return document
    if kind in ("move", "copy"):
        source = _pointer(operation["from"])
        value = deepcopy(_get(document, source))
        rest = _remove(document, source)[0] if kind == "move" else document
        return _add(rest, path, value)
    raise ValueError(f"there is no operation {kind!r}")


def _pointer(text: str) -> list[str]:
    if text == "":
        return []
    if not text.startswith("/"):
        raise ValueError(f"the path {text!r} does not begin with '/'")
    return [part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/")]


def _get(document: Json, path: list[str]) -> Json:
    for part in path:
        document = document[_index(document, part)] if isinstance(document, list) else document[part]
    return document


def _index(items: list[Json], part: str) -> int:
    if not part.isdigit() or (part != "0" and part.startswith("0")):
        raise ValueError(f"{part!r} is not a position in a list")
    if int(part) >= len(items):
        raise IndexError(f"the list has no position {part}")
    return int(part)


def _add(document: Json, path: list[str], value: Json) -> Json:
    if not path:
        return value
    parent, last = _get(document, path[:-1]), path[-1]
    if isinstance(parent, list):
        at = len(parent) if last == "-" or last == str(len(parent)) else _index(parent, last)
        parent.insert(at, value)
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        raise ValueError(f"{'/'.join(path[:-1])} is neither an object nor a list")
    return document


def _remove(document: Json, path: list[str]) -> tuple[Json, Json]:
    parent, last = _get(document, path[:-1]), path[-1]
    return document, parent.pop(_index(parent, last)) if isinstance(parent, list) else parent.pop(last)
