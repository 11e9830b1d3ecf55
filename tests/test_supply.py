"""What is installed: pinned with hashes, needed, and under licences that the office may use."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.licences import PAGE, STATED, licence, page, told_by_metadata
from tools.pins import pins

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUN, SCALE, DEVELOP = (pins(ROOT / f"requirements{kind}.txt") for kind in ("", "-scale", "-dev"))
NEEDED_TO_RUN = PROJECT["dependencies"]
NEEDED = {"requirements.txt": NEEDED_TO_RUN,
          **{f"requirements-{extra}.txt": [*NEEDED_TO_RUN, *PROJECT["optional-dependencies"][extra]]
             for extra in ("scale", "dev")}}
FILES = {"requirements.txt": RUN, "requirements-scale.txt": SCALE, "requirements-dev.txt": DEVELOP}
PLATFORMS = [
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
]
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
    "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only",  # used as it comes, never changed; so in the bundle, too
}


def _applies(requirement: Requirement, platform: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({**platform, "extra": ""})


def _brings(name: str) -> list[Requirement]:
    """What a distribution asks for; what this machine does not install cannot be asked, and asks for nothing."""
    try:
        return [Requirement(one) for one in metadata.requires(name) or []]
    except metadata.PackageNotFoundError:
        return []


def _all_that_is_needed(direct: list[str], platform: dict[str, str]) -> list[Requirement]:
    waiting, seen, needed = [Requirement(one) for one in direct], set(), []
    while waiting:
        requirement = waiting.pop()
        if _applies(requirement, platform):
            needed.append(requirement)
            if requirement.name not in seen:
                seen.add(requirement.name)
                waiting += _brings(requirement.name)
    return needed


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_pins_holds_nothing_but_exact_versions_with_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith(("#", "--hash=sha256:"))]
    assert lines[0] == "--only-binary :all:"
    assert len(lines) == len(FILES[name]) + 1
    for pin in FILES[name].values():
        assert re.fullmatch(r"==[\w.]+", str(pin.requirement.specifier)), pin.requirement
        assert pin.hashes, pin.requirement


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_pins_names_no_address_and_no_folder(name):
    assert "/" not in (ROOT / name).read_text(encoding="utf-8")


def test_developers_have_every_pin_that_the_office_has():
    for name, pin in SCALE.items():
        assert (DEVELOP[name].version, DEVELOP[name].hashes) == (pin.version, pin.hashes), name


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform["sys_platform"])
@pytest.mark.parametrize("name", FILES)
def test_all_that_is_needed_is_pinned_in_range_and_nothing_else(name, platform):
    needed = _all_that_is_needed(NEEDED[name], platform)
    here = {key: pin for key, pin in FILES[name].items() if _applies(pin.requirement, platform)}
    assert {canonicalize_name(one.name) for one in needed} == set(here)
    for one in needed:
        assert one.specifier.contains(here[canonicalize_name(one.name)].version), one


def test_no_licence_is_stated_of_what_is_not_installed():
    assert set(STATED) <= set(SCALE)


@pytest.mark.parametrize("name", SCALE)
def test_every_licence_is_one_that_is_allowed(name):
    assert set(re.split(r" (?:AND|OR) ", licence(name))) <= ALLOWED


@pytest.mark.parametrize("name", STATED)
def test_a_licence_that_we_state_is_the_one_that_the_distribution_states_where_it_does(name):
    try:
        told = told_by_metadata(name)
    except metadata.PackageNotFoundError:
        return
    assert STATED[name] == told or told in {None, "BSD", "LGPL", "Apache 2.0"}


def test_the_page_of_licences_is_current():
    assert PAGE.read_text(encoding="utf-8") == page()
