"""An ECG as a fact: frames that come on their own, or a device's file."""

import base64
import binascii
import uuid

from banyan.apps.emergency.ecg.device_file import BadEcg, read_ecg
from banyan.apps.emergency.service.ecg import file_recording, measure_signal, observation_id
from banyan.apps.emergency.service.errors import EmergencyError
from banyan.apps.emergency.service.filing.filing import Filed, Filing
from banyan.apps.emergency.service.ground import zone

LARGEST_FILE = 16 * 1024 * 1024


async def ecg(filing: Filing) -> Filed:
    """Files an ECG. Its samples lie as frames beside the Observation."""
    signal = _signal(str(filing.need("signal")))
    kind = filing.data.get("format", "frames")
    if kind == "frames":
        await measure_signal(filing.act, filing.case, signal)
        return [f"Observation/{observation_id(filing.case.id, signal)}"], ("ecgs",)
    if kind != "file":
        raise EmergencyError(f'"{kind}" is no format: frames or file.', field="format")
    name = str(filing.need("name"))
    try:
        content = base64.b64decode(str(filing.need("file_base64")), validate=True)
    except binascii.Error:
        raise EmergencyError("The file is not base64.", field="file_base64") from None
    if len(content) > LARGEST_FILE:
        raise EmergencyError("The file is larger than 16 MiB.", field="file_base64")
    try:
        recording = read_ecg(content, name, zone=zone(filing.platform))
    except BadEcg as bad:
        raise EmergencyError(str(bad), field="file_base64") from None
    id_ = await file_recording(filing.act, filing.case, signal, recording, filing.at, filing.id)
    return [f"Observation/{id_}"], ("ecgs", "times")


def _signal(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise EmergencyError(f'"{text}" is no UUID.', field="signal") from None
