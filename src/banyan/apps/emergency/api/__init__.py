"""The emergency's HTTP operations, thin over the service."""

from fastapi import APIRouter

from banyan.apps.emergency.api import calls, ecg, facts, hospital, units, views

router = APIRouter()
for part in (calls, units, facts, ecg, hospital, views):
    router.include_router(part.router)
