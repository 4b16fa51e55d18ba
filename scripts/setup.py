"""What `make setup` builds after the packages are installed, in this order; each step skips what has not changed."""

from scripts import frontend


def main() -> None:
    frontend.build()  # first: the FHIR definitions lie in a package of the front end


if __name__ == "__main__":
    main()
