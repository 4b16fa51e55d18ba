"""The emergency's HTTP operations, thin over the service."""

from fastapi import APIRouter

from banyan.apps.emergency.api import calls, facts, hospital, units, views

router = APIRouter()
for part in (calls, units, facts, hospital, views):
    router.include_router(part.router)
