"""What `make setup` builds after the packages are installed, in this order; each step skips what has not changed."""

from pathlib import Path

from banyan.demo import ground
from banyan.demo.histories import generate
from banyan.fhir import build as definitions
from scripts import frontend


def main() -> None:
    frontend.build()  # first: the FHIR definitions lie in a package of the front end
    definitions.build(Path("frontend"))
    ground.build(Path(".data-packages"))  # the demo region: roads, road times, map tiles
    generate.build(Path(".data-packages"))  # its patients' histories, on all processors


if __name__ == "__main__":
    main()
