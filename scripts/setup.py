"""What `make setup` builds after the packages are installed, in this order; each step skips what has not changed."""

from pathlib import Path

from banyan.demo import ground
from scripts import frontend


def main() -> None:
    frontend.build()  # first: the FHIR definitions lie in a package of the front end
    ground.build(Path(".data-packages"))  # the demo region: roads, road times, map tiles


if __name__ == "__main__":
    main()
