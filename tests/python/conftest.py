"""Fixtures: a frame of each kind, and a copy of a study that may be spoilt."""

import shutil

import pytest
from hypothesis import settings
from support import DATASETS, KINDS

settings.register_profile("nrd", deadline=None, database=None)
settings.load_profile("nrd")


@pytest.fixture(params=KINDS)
def kind(request):
    """Make a frame from columns, and the kind its tables come back as."""
    return KINDS[request.param]


@pytest.fixture
def study_copy(tmp_path):
    """A copy of the Binh Gia study, alone in its folder."""
    folder = tmp_path / "study" / "my-study"
    shutil.copytree(DATASETS / "binh-gia-2024", folder)
    return folder
