"""The pages of emergency: templates, and what serves them."""

from banyan.apps.emergency.pages import crew_pages, desk_pages, hospital_pages

ROUTES = (*crew_pages.ROUTES, *desk_pages.ROUTES, *hospital_pages.ROUTES)
